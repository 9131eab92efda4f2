// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ucontext fibers: traced calls are open on many stacks at a time, are finished in another order than they were
// begun, and on another thread.
// RUN: %compile_c && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
// RUN: %if clang-22 %{ %compile_c -fsanitize=address && %t %}
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include "torture.h"

enum { FIBERS = 8, SIZE = 1 << 16 };
static struct fiber {
  ucontext_t self, caller;
  char *stack;
  long sum, steps;
  int done;
} fibers[FIBERS];

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static void yield(struct fiber *f) {
  leaf(f->steps++);
  swapcontext(&f->self, &f->caller);
  OPAQUE();
}
NOINLINE static long descend(struct fiber *f, long n) {
  yield(f);
  long below = n ? descend(f, n - 1) : 0;
  if (n % 2)
    yield(f);
  return below + leaf(n);
}
NOINLINE static void fiber_main(int number) {
  struct fiber *f = &fibers[number];
  f->sum = descend(f, 10 + number);
  f->done = 1;
  swapcontext(&f->self, &f->caller); // never comes back: this call stays open
}
NOINLINE static void resume(struct fiber *f) {
  swapcontext(&f->caller, &f->self);
  OPAQUE();
}
NOINLINE static void *resume_all(void *backwards) {
  for (int i = 0; i < FIBERS; i++) {
    struct fiber *f = &fibers[backwards ? FIBERS - 1 - i : i];
    if (!f->done)
      resume(f);
  }
  return NULL;
}

TORTURE(30, 0) {
  for (int i = 0; i < FIBERS; i++) {
    struct fiber *f = &fibers[i];
    char *stack = f->stack ? f->stack : malloc(SIZE);
    *f = (struct fiber){.stack = stack};
    getcontext(&f->self);
    f->self.uc_stack.ss_sp = stack;
    f->self.uc_stack.ss_size = SIZE;
    makecontext(&f->self, (void (*)(void))fiber_main, 1, i);
  }
  for (long turn = 0; turn < 40; turn++)
    if (turn % 8 == 5) { // a thread of its own takes them over
      pthread_t t;
      pthread_create(&t, NULL, resume_all, (void *)(turn & 1));
      pthread_join(t, NULL);
    } else {
      resume_all((void *)(turn & 1));
    }
  for (int i = 0; i < FIBERS; i++) {
    long n = 10 + i;
    EXPECT(fibers[i].done && fibers[i].sum == n * (n + 1));
  }
  torture_left(FIBERS);
}
