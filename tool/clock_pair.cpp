// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/clock_pair.h"

#include <ctime>

#include <cpuid.h>
#include <x86intrin.h>

namespace luge {
namespace {

uint64_t now_ns(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

} // namespace

// The reading that took least time: neither an interrupt nor a cold page lay in between.
ClockPair read_clock_pair() {
  ClockPair best = {};
  uint64_t best_width = ~0ull;
  for (int i = 0; i < 20; ++i) {
    uint64_t before = __rdtsc();
    uint64_t monotonic = now_ns(CLOCK_MONOTONIC), realtime = now_ns(CLOCK_REALTIME);
    uint64_t width = __rdtsc() - before;
    if (width < best_width) {
      best_width = width;
      best = {before + width / 2, monotonic, realtime};
    }
  }
  return best;
}

bool clock_is_invariant() {
  unsigned a, b, c, d = 0;
  return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & 1u << 8);
}

double ticks_per_ns() {
  ClockPair begin = read_clock_pair();
  timespec pause = {0, 20'000'000};
  nanosleep(&pause, nullptr);
  ClockPair end = read_clock_pair();
  return static_cast<double>(end.tsc - begin.tsc) /
         static_cast<double>(end.monotonic_ns - begin.monotonic_ns);
}

} // namespace luge
