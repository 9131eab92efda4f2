/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Calls the functions of functions.c and says what one call cost, in CPU time of
 * the thread. Compiled without any tracer's flags. usage: micro WORKLOAD COUNT
 */
#include <stdlib.h>
#include <string.h>

#include "timing.h"

void leaf(void);
long fib(long n);
long five(long a, long b, long c, long d, long e);
double doubles(double a, double b, double c);
long chain(long depth);

/* A control file may switch a tracer on from inside, before the first call. */
__attribute__((weak)) void bench_start(void) {}

static volatile long sink;
static volatile double double_sink;

static long run_leaf(long n) {
  for (long i = 0; i < n; ++i)
    leaf();
  return n;
}

static long run_fib(long n) { /* fib(n) makes 2 * fib(n + 1) - 1 calls */
  sink = fib(n);
  long a = 0, b = 1;
  for (long i = 0; i <= n; ++i) {
    long t = a + b;
    a = b;
    b = t;
  }
  return 2 * a - 1;
}

static long run_five(long n) {
  long sum = 0;
  for (long i = 0; i < n; ++i)
    sum += five(i, 3, 5, 7, 9);
  sink = sum;
  return n;
}

static long run_doubles(long n) {
  double sum = 0;
  for (long i = 0; i < n; ++i)
    sum = doubles(sum, 1.5, 2.0);
  double_sink = sum;
  return n;
}

enum { kDepth = 30 };

static long run_chain(long n) {
  long rounds = n / (kDepth + 1) + 1;
  for (long i = 0; i < rounds; ++i)
    sink = chain(kDepth);
  return rounds * (kDepth + 1);
}

static const struct {
  const char *name;
  long (*run)(long);
  long warm_up;
} workloads[] = {
    {"leaf", run_leaf, 1000},       {"fib", run_fib, 5},     {"five", run_five, 1000},
    {"doubles", run_doubles, 1000}, {"chain", run_chain, 1},
};

int main(int argc, char **argv) {
  for (unsigned i = 0; argc == 3 && i < sizeof workloads / sizeof *workloads; ++i)
    if (!strcmp(argv[1], workloads[i].name)) {
      bench_start();
      workloads[i].run(workloads[i].warm_up);
      double before = bench_cpu();
      double calls = (double)workloads[i].run(atol(argv[2]));
      bench_say("ns", (bench_cpu() - before) / calls);
      bench_say("calls", calls);
      return 0;
    }
  fprintf(stderr, "usage: micro WORKLOAD COUNT\n");
  return 2;
}
