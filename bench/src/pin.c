/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Linked into every measured program: pins it to the CPU that BENCH_CPU names,
 * and not the recorder that started it.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>

__attribute__((constructor(101), no_instrument_function)) static void pin(void) {
  const char *cpu = getenv("BENCH_CPU");
  if (!cpu)
    return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(atoi(cpu), &set);
  sched_setaffinity(0, sizeof set, &set);
}
