// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C API: several users of one function, filters and notrace, changing them while registered, recursion,
// and that no callback runs once unregister_ftrace_function has returned.
// RUN: %luge_cc -O2 -I%source/runtime/include %s -o %t -pthread
// RUN: %t | %check
// ALL: 0 failures
#include <errno.h>
#include <luge/ftrace.h>
#include <pthread.h>
#include <string.h>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline))
static volatile long sink;
NOINLINE static long alpha(long a, long b) { sink = a; return a + b; }
NOINLINE static long beta(long a) { sink = a; return alpha(a, 1) + 1; }
NOINLINE static long gamma_(long a) { sink = a; return beta(a) * 2; }

struct seen {
  long calls;
  unsigned long last_ip, first_argument, parent;
};
static void note(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  struct seen *s = op->private_data;
  s->calls++;
  s->last_ip = ip;
  s->parent = parent;
  s->first_argument = ftrace_regs_get_argument(regs, 0);
}
static void recurses(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  ++*(long *)op->private_data;
  gamma_(1); // traced, and must not come back here
  errno = ENOTTY;
  (void)ip, (void)parent, (void)regs;
}

static int filter(struct ftrace_ops *ops, const char *glob, int reset) {
  return ftrace_set_filter(ops, glob, (int)strlen(glob), reset);
}

static void filters(void) {
  struct seen a = {0}, b = {0};
  struct ftrace_ops one = {.func = note, .private_data = &a}, two = {.func = note, .private_data = &b};
  EXPECT(register_ftrace_function(NULL) == -EINVAL);
  struct ftrace_ops none = {0};
  EXPECT(register_ftrace_function(&none) == -EINVAL);
  EXPECT(unregister_ftrace_function(&one) == -ENOENT);
  EXPECT(filter(&one, "alph?", 1) == 0);
  EXPECT(filter(&two, "nothing_like_this", 1) == -ENOENT);
  EXPECT(filter(&two, "*a*", 1) == 0);
  EXPECT(ftrace_set_notrace(&two, "gamma*\nmain", 11, 1) == 0);
  EXPECT(register_ftrace_function(&one) == 0 && register_ftrace_function(&two) == 0);
  EXPECT(register_ftrace_function(&one) == -EBUSY);
  EXPECT(one.flags & FTRACE_OPS_FL_ENABLED);
  EXPECT(gamma_(40) == 84);
  EXPECT(a.calls == 1 && a.last_ip == (unsigned long)alpha && a.first_argument == 40);
  EXPECT(a.parent > (unsigned long)beta && a.parent < (unsigned long)beta + 200);
  EXPECT(b.calls == 2);
  EXPECT(filter(&one, "gamma_", 0) == 0); // adds, while registered
  gamma_(1);
  EXPECT(a.calls == 3);
  EXPECT(ftrace_set_filter_ip(&one, (unsigned long)beta, 0, 1) == 0);
  EXPECT(ftrace_set_filter_ip(&one, 12345, 0, 0) == -EINVAL);
  gamma_(1);
  EXPECT(a.calls == 4 && a.last_ip == (unsigned long)beta);
  EXPECT(unregister_ftrace_function(&two) == 0);
  b.calls = 0;
  gamma_(1);
  EXPECT(b.calls == 0 && a.calls == 5);
  EXPECT(unregister_ftrace_function(&one) == 0 && !(one.flags & FTRACE_OPS_FL_ENABLED));
  gamma_(1);
  EXPECT(a.calls == 5 && luge_sites_on() == 0);
  ftrace_free_filter(&one);
  ftrace_free_filter(&two);
}

static void recursion(void) {
  long calls = 0;
  struct ftrace_ops ops = {.func = recurses, .private_data = &calls};
  EXPECT(filter(&ops, "alpha;beta;gamma_", 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  errno = EXDEV;
  gamma_(2);
  EXPECT(errno == EXDEV && calls == 3);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
}

static volatile int stop;
NOINLINE static void *caller(void *unused) {
  while (!stop)
    gamma_(3);
  return unused;
}
struct life {
  volatile long alive; // 0 after unregister: a callback that sees 0 came too late
  volatile long late, calls;
};
static void lives(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  struct life *l = op->private_data;
  if (!l->alive)
    l->late++;
  for (int i = 0; i < 50; i++)
    sink++;
  if (!l->alive)
    l->late++;
  l->calls++;
  (void)ip, (void)parent, (void)regs;
}
static void unregistering(void) {
  static struct life lifes[2000];
  pthread_t t[3];
  long late = 0, calls = 0;
  for (int i = 0; i < 3; i++)
    pthread_create(&t[i], NULL, caller, NULL);
  for (int i = 0; i < 2000; i++) {
    struct ftrace_ops ops = {.func = lives, .private_data = &lifes[i]};
    lifes[i].alive = 1;
    EXPECT(register_ftrace_function(&ops) == 0);
    EXPECT(unregister_ftrace_function(&ops) == 0);
    lifes[i].alive = 0;
    ftrace_free_filter(&ops);
  }
  stop = 1;
  for (int i = 0; i < 3; i++)
    pthread_join(t[i], NULL);
  for (int i = 0; i < 2000; i++) {
    late += lifes[i].late;
    calls += lifes[i].calls;
  }
  EXPECT(late == 0 && calls > 0);
}

int main(void) {
  EXPECT(luge_site_count() > 5);
  filters();
  recursion();
  unregistering();
  printf("%d failures\n", failures);
  return failures != 0;
}
