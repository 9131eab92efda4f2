/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Switches every function of a generated program on and off: first time, then
 * LATER times more. With "thread", another thread calls the functions meanwhile.
 * bench_on(), bench_off(): ops_control.c or xray_control.cpp.
 * usage: switching LATER [thread]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "timing.h"

void bench_on(void);
void bench_off(void);
double bench_sites(void);
extern int (*const all_functions[])(int);
extern const int function_count;

static atomic_bool stop;
static atomic_long wrong, rounds;

static void *call_all(void *unused) {
  while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
    for (int i = 0; i < function_count; i += 97)
      wrong += all_functions[i](i) != i + 1;
    ++rounds;
  }
  return unused;
}

static void timed(const char *what, void (*change)(void)) {
  double cpu = bench_cpu(), wall = bench_wall();
  change();
  double wall_ms = (bench_wall() - wall) / 1e6, cpu_ms = (bench_cpu() - cpu) / 1e6;
  char name[64];
  snprintf(name, sizeof name, "%s_cpu", what);
  bench_say(name, cpu_ms);
  snprintf(name, sizeof name, "%s_wall", what);
  bench_say(name, wall_ms);
}

int main(int argc, char **argv) {
  int later = argc > 1 ? atoi(argv[1]) : 0;
  pthread_t thread;
  if (argc > 2) {
    pthread_create(&thread, NULL, call_all, NULL);
    while (!rounds)
      ;
  }
  timed("first_on", bench_on);
  bench_say("sites", bench_sites());
  timed("first_off", bench_off);
  for (int i = 0; i < later; ++i) {
    timed("later_on", bench_on);
    timed("later_off", bench_off);
  }
  if (argc > 2) {
    stop = 1;
    pthread_join(thread, NULL);
  }
  if (wrong)
    fprintf(stderr, "%ld wrong results\n", wrong);
  return wrong != 0;
}
