/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Clocks and the one line that bench/measure.py reads from a measured program. */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stdio.h>
#include <time.h>

static inline double bench_clock(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}
static inline double bench_cpu(void) { return bench_clock(CLOCK_THREAD_CPUTIME_ID); }
static inline double bench_wall(void) { return bench_clock(CLOCK_MONOTONIC); }

/* BENCH NAME VALUE: any number of them. */
static inline void bench_say(const char *name, double value) { printf("BENCH %s %.4f\n", name, value); }

#endif
