// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A handler leaves by siglongjmp whatever it has interrupted: a traced body, a trampoline, a callback, the
// trampoline's exit; from the thread's stack and from an alternate one.
// RUN: %compile_c && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
// RUN: %if clang-22 %{ %compile_c -fsanitize=address && %t %}
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#include "torture.h"

static sigjmp_buf back;
static volatile sig_atomic_t jumping;
static volatile long sink;
static struct itimerval once = {{0, 0}, {0, 60}};

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static long busy(long n) { return n ? leaf(n) + busy(n - 1) : 0; }
NOINLINE static void handler(int n) {
  sink = leaf(n);
  if (jumping)
    siglongjmp(back, n);
}
NOINLINE static void forever(void) {
  for (;;)
    sink = busy(20);
}

NOINLINE static void jumps(int how_often) {
  for (volatile int i = 0; i < how_often; i++) {
    int n = sigsetjmp(back, 1);
    if (!n) {
      jumping = 1;
      setitimer(ITIMER_REAL, &once, 0);
      forever();
    }
    jumping = 0;
    EXPECT(n == SIGALRM);
    EXPECT(busy(20) == 230);
  }
}

TORTURE(20, LEAVES_CALLS) {
  static char stack[1 << 16];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack}, old;
  struct sigaction on_stack = {.sa_handler = handler, .sa_flags = SA_NODEFER}, was;
  struct sigaction on_other = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
  sigaltstack(&alternate, &old);
  sigaction(SIGALRM, &on_stack, &was);
  jumps(50);
  sigaction(SIGALRM, &on_other, 0);
  jumps(50);
  sigaction(SIGALRM, &was, 0);
  sigaltstack(&old, 0);
}
