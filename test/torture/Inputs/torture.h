/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * A torture case is a program about one thing that happens to a process. It says
 * what with TORTURE(rounds, flags) { ... }, a body that works on its own and
 * checks its own results. driver.c, an object without sleds, is main(): it runs
 * the body untraced, under each kind of user alone, under all of them, while a
 * thread registers and unregisters them as fast as it can, and untraced again.
 * Every function of the program and of the objects it loads is traced.
 *
 * What must hold: the body's own checks; users that are registered are called and
 * others never; every traced call has its exit; what belongs to a call is intact
 * there; afterwards the process is as it was (driver.c: struct state).
 *
 * Nothing depends on time: a round that the thread was too slow for waits for it.
 */
#ifndef TORTURE_H
#define TORTURE_H
#include <luge/ftrace.h>

#ifdef __cplusplus
#define TORTURE_C extern "C"
#else
#define TORTURE_C extern
#endif

#define NOINLINE __attribute__((noinline))
/* In a function: it is called as often as the source says, not merged or left out. */
#define OPAQUE() __asm__ volatile("" ::: "memory")
#define UNTRACED __attribute__((no_instrument_function))

enum {
  LEAVES_CALLS = 1, /* signals or death leave an unknown number of calls without an exit */
  OWN_USERS = 2,    /* the body registers users of its own and leaves none behind */
  KEEPS_OBJECTS = 4 /* the objects and mappings of the process are not the same afterwards */
};
struct torture_case {
  int rounds; /* of the body, while users come and go */
  int flags;
};
TORTURE_C const struct torture_case torture_case;
TORTURE_C void torture_body(void);
/* The case's, if it needs one: first thing in main. Below zero: go on; else the exit status. */
TORTURE_C int torture_setup(int argc, char **argv);

#define TORTURE(rounds, flags)                                                                     \
  TORTURE_C const struct torture_case torture_case;                                                \
  const struct torture_case torture_case = {rounds, flags};                                        \
  void torture_body(void)

/* Any thread, also in a child, which then exits with torture_status(). */
TORTURE_C void torture_failed(const char *file, int line, const char *what);
TORTURE_C int torture_status(void);
#define EXPECT(condition) ((condition) ? (void)0 : torture_failed(__FILE__, __LINE__, #condition))

/* The body has left so many traced calls by longjmp, or in a vfork child that is gone: they have no exit. */
TORTURE_C void torture_left(long calls);
/* Calls of callbacks so far. */
TORTURE_C long torture_calls(void);
/* Waits until the users have come and gone once more; at once where none do. */
TORTURE_C void torture_toggled(void);
TORTURE_C const char *torture_self; /* path of this program */
#endif
