// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A million traced calls open at a time, on a thread with a stack of two gigabytes; then again on a small stack that
// is full to its guard page, which the program's own handler notices.
// RUN: %compile_c && %users
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "torture.h"

static volatile long sink;
NOINLINE static long recurse(long n) {
  if (n == 0)
    return 0;
  long below = recurse(n - 1);
  sink = below;
  return below + 1;
}
NOINLINE static void *deep(void *n) { return (void *)recurse((long)n); }

static __thread sigjmp_buf back;
NOINLINE static void overflow(int n) { siglongjmp(back, n); }
NOINLINE static void *too_deep(void *arg) {
  static char stack[1 << 16];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  if (!sigsetjmp(back, 1))
    return (void *)recurse(1l << 40);
  return arg;
}

NOINLINE static void *run(void *(*f)(void *), void *arg, size_t stack) {
  pthread_attr_t attr;
  pthread_t t;
  void *result = NULL;
  pthread_attr_init(&attr);
  pthread_attr_setstacksize(&attr, stack);
  EXPECT(pthread_create(&t, &attr, f, arg) == 0);
  pthread_join(t, &result);
  return result;
}

TORTURE(2, LEAVES_CALLS) {
  struct sigaction action = {.sa_handler = overflow, .sa_flags = SA_ONSTACK}, was;
  EXPECT(run(deep, (void *)1000000, 1ul << 31) == (void *)1000000);
  sigaction(SIGSEGV, &action, &was);
  EXPECT(run(too_deep, (void *)5, 1ul << 18) == (void *)5);
  sigaction(SIGSEGV, &was, NULL);
}
