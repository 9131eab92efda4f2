// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The thread that switches tracing is itself interrupted, with the runtime's lock held and sites half
// switched, by handlers that are traced; and callbacks are interrupted by them.
// RUN: %compile_c && %users
#include <signal.h>
#include <sys/time.h>

#include "torture.h"

static volatile sig_atomic_t handled;
static volatile long mine;

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static long middle(long x) { return leaf(x) + leaf(x + 1); }
NOINLINE static void handler(int n) {
  EXPECT(middle(n) == 2 * n + 3);
  handled++;
}
UNTRACED static void count(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  __atomic_fetch_add(&mine, 1, __ATOMIC_RELAXED);
  (void)ip, (void)parent, (void)op, (void)regs;
}

TORTURE(20, OWN_USERS) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, was;
  struct itimerval often = {{0, 30}, {0, 30}}, never = {{0, 0}, {0, 0}};
  struct ftrace_ops ops = {.func = count};
  sigaction(SIGALRM, &action, &was);
  handled = 0;
  mine = 0;
  setitimer(ITIMER_REAL, &often, NULL);
  for (long i = 0; i < 50 || handled < 100; i++) {
    EXPECT(register_ftrace_function(&ops) == 0);
    EXPECT(middle(i) == 2 * i + 3);
    EXPECT(ftrace_set_filter(&ops, i % 2 ? "leaf" : "handler", i % 2 ? 4 : 7, 1) == 0);
    EXPECT(unregister_ftrace_function(&ops) == 0);
    long now = __atomic_load_n(&mine, __ATOMIC_RELAXED);
    EXPECT(middle(i) == 2 * i + 3);
    EXPECT(__atomic_load_n(&mine, __ATOMIC_RELAXED) == now);
  }
  setitimer(ITIMER_REAL, &never, NULL);
  EXPECT(mine > 0);
  ftrace_free_filter(&ops);
  sigaction(SIGALRM, &was, NULL);
}
