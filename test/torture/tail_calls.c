// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A state machine of tail calls, direct and through a table, a million transitions at a time: traced or not the stack does
// not grow, and every state has its entry and its exit.
// RUN: %compile_c -foptimize-sibling-calls && %users
#include <stdint.h>

#include "torture.h"

static uintptr_t lowest, highest;
typedef long state_t(long n, long sum);
static state_t even, odd, third, *const table[3];

NOINLINE static void note_stack(void) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  lowest = here < lowest ? here : lowest;
  highest = here > highest ? here : highest;
}
NOINLINE static long even(long n, long sum) {
  if (n % 1024 == 0)
    note_stack();
  return n == 0 ? sum : odd(n - 1, sum + 1);
}
NOINLINE static long odd(long n, long sum) { return n == 0 ? -sum : table[n % 3](n - 1, sum + 2); }
NOINLINE static long third(long n, long sum) { return n == 0 ? sum : table[(n + 1) % 3](n - 1, sum + 3); }
static state_t *const table[3] = {even, odd, third};

static long expected(long n) { // the same machine as a loop
  long sum = 0;
  for (int state = 0;; n--) {
    if (n == 0)
      return state == 1 ? -sum : sum;
    sum += state + 1;
    state = state == 0 ? 1 : (int)(state == 1 ? n % 3 : (n + 1) % 3);
  }
}

TORTURE(10, 0) {
  static long right[2];
  const long long_run = 1000000, short_run = 1000;
  if (!right[0])
    right[0] = expected(long_run), right[1] = expected(short_run);
  lowest = ~0ul, highest = 0;
  EXPECT(even(long_run, 0) == right[0]);
  EXPECT(highest - lowest < 4096);
  for (int i = 0; i < 100; i++)
    EXPECT(even(short_run, 0) == right[1]);
}
