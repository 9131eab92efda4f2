// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Programs that the plugin has not seen, built with -fpatchable-function-entry: every call is counted, the callback
// sees what it should, sleds are switched while threads run, and results stay right.
// RUN: sh %S/Inputs/foreign.sh %luge_lib %s %t %bare_cc | %check
// ALL-COUNT-11: : 0 failures
#include <errno.h>
#include <execinfo.h>
#include <luge/ftrace.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline))
static volatile long sink;
NOINLINE long alpha(long a, double x) { sink = a; return a * 3 + (long)x; }
NOINLINE long beta(long a) { sink = a; return alpha(a, 2.5) + alpha(a + 1, 0.5); }
NOINLINE long on_the_stack(long a, long b, long c, long d, long e, long f, long g, double x, long h) {
  sink = a;
  return a + b + c + d + e + f * 10 + g * 100 + h * 1000 + (long)x;
}
NOINLINE long variadic(int n, ...) {
  va_list list;
  long sum = 0;
  va_start(list, n);
  while (n--)
    sum += (long)va_arg(list, double);
  va_end(list);
  return sum;
}
static long (*volatile again)(long); // no copies of the recursion
NOINLINE long fibonacci(long n) { return n < 2 ? n : again(n - 1) + again(n - 2); }

static long calls;
static unsigned long last_ip, last_parent, last_argument;
static void *frames[64];
static int depth;
__attribute__((patchable_function_entry(0, 0))) static void note(unsigned long ip, unsigned long parent,
                                                                 struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)op;
  __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
  last_ip = ip;
  last_parent = parent;
  last_argument = ftrace_regs_get_argument(regs, 0);
}
__attribute__((patchable_function_entry(0, 0))) static void trace(unsigned long ip, unsigned long parent,
                                                                  struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
  depth = backtrace(frames, 64);
}

static int filter(struct ftrace_ops *ops, const char *glob) { return ftrace_set_filter(ops, glob, (int)strlen(glob), 1); }
static int within(unsigned long address, void *function) {
  return address > (unsigned long)function && address < (unsigned long)function + 200;
}

NOINLINE static long everything(void) {
  return beta(5) + on_the_stack(1, 2, 3, 4, 5, 6, 7, 8.0, 9) + variadic(3, 1.0, 2.0, 3.0) + fibonacci(12);
}

static void counted(long expected) {
  struct ftrace_ops ops = {.func = note};
  EXPECT(filter(&ops, "alpha") == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  EXPECT(luge_sites_on() == 1);
  EXPECT(everything() == expected && calls == 2);
  EXPECT(last_ip == (unsigned long)alpha && last_argument == 6 && within(last_parent, beta));
  EXPECT(filter(&ops, "*") == 0);
  calls = 0;
  EXPECT(everything() == expected);
  EXPECT(calls == 1 + 3 + 1 + 1 + 465); // everything, beta and alpha, on_the_stack, variadic, fibonacci
  EXPECT(unregister_ftrace_function(&ops) == 0);
  calls = 0;
  EXPECT(everything() == expected && calls == 0 && luge_sites_on() == 0);
  ftrace_free_filter(&ops);
}

static void unwound(void) {
  struct ftrace_ops ops = {.func = trace};
  EXPECT(filter(&ops, "alpha") == 0 && register_ftrace_function(&ops) == 0);
  beta(1);
  int found = 0;
  for (int i = 0; i < depth; i++)
    found += within((unsigned long)frames[i], beta) ? 1 : within((unsigned long)frames[i], unwound) ? 100 : 0;
  EXPECT(found >= 101);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
}

static int stop;
static void *runs(void *wrong) {
  while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
    if (everything() != *(long *)wrong)
      return wrong;
  return NULL;
}

static void toggled(long expected) {
  struct ftrace_ops ops = {.func = note};
  pthread_t threads[3];
  for (int i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, runs, &expected);
  calls = 0;
  for (int i = 0; i < 60 || (!__atomic_load_n(&calls, __ATOMIC_RELAXED) && i < 100000); i++) {
    EXPECT(register_ftrace_function(&ops) == 0);
    EXPECT(unregister_ftrace_function(&ops) == 0);
  }
  __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
  for (int i = 0; i < 3; i++) {
    void *wrong;
    pthread_join(threads[i], &wrong);
    EXPECT(!wrong);
  }
  EXPECT(calls > 0 && luge_sites_on() == 0);
}

static void forked(long expected) {
  struct ftrace_ops ops = {.func = note};
  EXPECT(filter(&ops, "fibonacci") == 0 && register_ftrace_function(&ops) == 0);
  pid_t child = fork();
  if (!child) {
    calls = 0;
    int bad = everything() != expected || calls != 465;
    bad |= unregister_ftrace_function(&ops) << 1;
    calls = 0;
    _exit(bad | (everything() != expected || calls) << 2);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT(status == 0);
  calls = 0;
  EXPECT(everything() == expected && calls == 465);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
}

int main(void) {
  again = fibonacci;
  long expected = everything();
  // Nothing was changed before anybody asked.
  EXPECT(((unsigned char *)alpha)[0] != 0x3d && ((unsigned char *)alpha)[4] != 0x3d);
  EXPECT(luge_site_count() >= 6);
  counted(expected);
  unwound();
  forked(expected);
  toggled(expected);
  printf("%d failures\n", failures);
  return failures != 0;
}
