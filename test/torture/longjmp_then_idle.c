// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A thread leaves a callback by longjmp, and enters no traced function any more: it sleeps, or (BUSY) computes.
// Another thread's unregistering still returns, for nobody is in the callback.
// RUN: %compile_c && %users
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include "torture.h"

#ifndef ROUNDS
#define ROUNDS 60
#endif
static __thread jmp_buf back;
static __thread int jumping;
static int pipes[2], ready, stop;

NOINLINE static long victim(long x) { OPAQUE(); return x + 1; }
UNTRACED static void jumps(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  if (jumping)
    longjmp(back, 1);
  (void)ip, (void)parent, (void)op, (void)regs;
}
UNTRACED static void idle(void) {
  char byte;
#ifdef BUSY
  sigset_t every;
  sigfillset(&every);
  pthread_sigmask(SIG_BLOCK, &every, NULL);
#endif
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
#ifdef BUSY
  while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
  }
#endif
  EXPECT(read(pipes[0], &byte, 1) == 1);
}
UNTRACED static void *thread(void *arg) {
  jumping = 1;
  if (!setjmp(back))
    victim(1);
  else
    idle();
  jumping = 0;
  return arg;
}

TORTURE(ROUNDS, OWN_USERS | LEAVES_CALLS) {
  struct ftrace_ops ops = {.func = jumps};
  pthread_t t;
  alarm(60); // what does not end at all is not to wait for the test's limit
  EXPECT(pipe(pipes) == 0);
  ready = stop = 0;
  EXPECT(ftrace_set_filter(&ops, "victim*", 7, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  pthread_create(&t, NULL, thread, NULL);
  while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
    usleep(100);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
  EXPECT(write(pipes[1], "x", 1) == 1);
  pthread_join(t, NULL);
  ftrace_free_filter(&ops);
  close(pipes[0]);
  close(pipes[1]);
  alarm(0);
}
