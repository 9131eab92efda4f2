// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// longjmp out of many traced frames, sideways between two of them, from a deeper stack, and setjmp in a loop:
// no later call takes a frame that was left for its own, and what the runtime holds for such frames is given back.
// RUN: %compile_c && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
// RUN: %if clang-22 %{ %compile_c -fsanitize=address && %t %}
#include <setjmp.h>
#include <string.h>

#include "torture.h"

static jmp_buf back, again;
NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static void down(long n) {
  OPAQUE();
  if (n == 0)
    longjmp(back, 7);
  down(n - 1);
  OPAQUE();
}
NOINLINE static void down_wide(long n) { // frames of another size: later frames do not lie where earlier ones lay
  volatile char room[333];
  room[n] = 1;
  if (n == 0)
    longjmp(back, 8);
  down_wide(n - 1);
  room[0] = 2;
}
NOINLINE static int inner(int n) { // a loop around setjmp within a frame that stays
  volatile int rounds = 0;
  if (setjmp(again) < n) {
    rounds = rounds + 1;
    leaf(1);
    longjmp(again, rounds);
  }
  return rounds;
}

TORTURE(100, 0) {
  for (volatile long i = 0; i < 200; i = i + 1) {
    int n = setjmp(back);
    if (n == 0 && i % 2)
      down(i % 30);
    else if (n == 0)
      down_wide(i % 30);
    EXPECT(n == (i % 2 ? 7 : 8));
    torture_left(i % 30 + 1);
    EXPECT(leaf(i) == i + 1);
  }
  EXPECT(inner(20) == 20);
}
