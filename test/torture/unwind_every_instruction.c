// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A profiler's view: the processor's trap flag stops at each instruction of a traced call, in sled, stub, trampoline,
// dispatch, callbacks and body, at its entry and at its exit, and every time an unwinder finds the caller.
// (LLVM's libunwind 14 cannot do that for any program: it takes what a signal has interrupted for a return address.)
// Stubs that the FDE of their section describes, and such that the function's own does.
// RUN: %compile_c && %users
// RUN: %compile_c -ffunction-sections && %users
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>
#include <unwind.h>

#include "torture.h"

extern char __start_torture_text[], __stop_torture_text[];
static volatile long steps, lost;

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static long stacked(long a, long b, long c, long d, long e, long f, long g, long h) {
  OPAQUE();
  return leaf(a) + b + c + d + e + f + g + h;
}
// 136: whatever the compiler keeps in the red zone.
#define TRAP_FLAG(change)                                                                          \
  __asm__ volatile("lea -136(%%rsp), %%rsp\n pushf\n " change ", (%%rsp)\n popf\n lea 136(%%rsp), %%rsp" ::: "memory", "cc")
__attribute__((section("torture_text"))) UNTRACED NOINLINE static long stepped(long n) {
  TRAP_FLAG("orq $0x100");
  long result = leaf(n) + stacked(1, 2, 3, 4, 5, 6, 7, n);
  TRAP_FLAG("andq $-0x101");
  return result;
}

UNTRACED static _Unwind_Reason_Code frame(struct _Unwind_Context *context, void *found) {
  char *ip = (char *)_Unwind_GetIP(context);
  *(int *)found += ip >= __start_torture_text && ip < __stop_torture_text;
  return _URC_NO_REASON;
}
UNTRACED static void step(int n, siginfo_t *info, void *context) {
  int found = 0;
  uintptr_t pc = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  if (pc >= (uintptr_t)__start_torture_text && pc < (uintptr_t)__stop_torture_text)
    return; // TRAP_FLAG moves the stack pointer behind the compiler's back
  _Unwind_Backtrace(frame, &found);
  steps++;
  lost += found != 1;
  (void)n, (void)info;
}

TORTURE(4, 0) {
  struct sigaction action = {.sa_sigaction = step, .sa_flags = SA_SIGINFO}, was;
  sigaction(SIGTRAP, &action, &was);
  steps = lost = 0;
  EXPECT(stepped(5) == 6 + 2 + 2 + 3 + 4 + 5 + 6 + 7 + 5);
  EXPECT(steps > 5 && lost == 0);
  sigaction(SIGTRAP, &was, NULL);
}
