/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * What this machine cannot do faster: the limits that a recorder of entries and
 * exits is measured against. usage: floor OPERATION COUNT
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <x86intrin.h>

#include "timing.h"

enum { kRing = 1 << 20 };

static char ring[kRing] __attribute__((aligned(4096)));
static __thread char *cursor, *limit;

#define OUT_OF_LINE __attribute__((noinline, noclone))

OUT_OF_LINE static void nothing(void) { __asm__ volatile(""); }

/* An event as a plain C recorder writes it: per-thread cursor, bound check, time stamp, 8 bytes. */
OUT_OF_LINE static void event(uint64_t id) {
  char *at = cursor;
  if (__builtin_expect(at == limit, 0))
    at = ring;
  *(volatile uint64_t *)at = __rdtsc() << 34 | id;
  cursor = at + 8;
}

static void calls(long n) {
  for (long i = 0; i < n; ++i)
    nothing();
}

static void stamp(long n) {
  for (long i = 0; i < n; ++i) {
    uint64_t t = __rdtsc();
    __asm__ volatile("" ::"r"(t));
  }
}

static void stored_stamps(long n) {
  for (long i = 0; i < n; ++i)
    *(volatile uint64_t *)(ring + (i * 8 & (kRing - 1))) = __rdtsc();
}

static void stored_stamp_pairs(long n) { stored_stamps(2 * n); }

static void events(long n) {
  for (long i = 0; i < n; ++i)
    event(1);
}

static void event_pairs(long n) { events(2 * n); }

static const struct {
  const char *name;
  void (*run)(long);
} operations[] = {
    {"call", calls},   {"rdtsc", stamp},   {"stamp", stored_stamps}, {"stamps", stored_stamp_pairs},
    {"event", events}, {"pair", event_pairs},
};

int main(int argc, char **argv) {
  cursor = ring;
  limit = ring + kRing;
  memset(ring, 1, kRing);
  for (unsigned i = 0; argc == 3 && i < sizeof operations / sizeof *operations; ++i)
    if (!strcmp(argv[1], operations[i].name)) {
      long n = atol(argv[2]);
      operations[i].run(n / 10 + 1);
      double before = bench_cpu();
      operations[i].run(n);
      bench_say("ns", (bench_cpu() - before) / (double)n);
      bench_say("calls", (double)n);
      return 0;
    }
  fprintf(stderr, "usage: floor OPERATION COUNT\n");
  return 2;
}
