// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that look at their own return address or frame see what they would see untraced: the caller's code and
// the caller's frame.
// RUN: %compile_c -fno-omit-frame-pointer && %users
#include <stdint.h>

#include "torture.h"

NOINLINE static void *own_return_address(void) { OPAQUE(); return __builtin_extract_return_addr(__builtin_return_address(0)); }
NOINLINE static void *own_frame(void) { OPAQUE(); return __builtin_frame_address(0); }
NOINLINE static long caller(void);
NOINLINE static long after_caller(void) { OPAQUE(); return 1; }

NOINLINE static long caller(void) {
  char *from = own_return_address();
  EXPECT(from > (char *)caller && from < (char *)caller + 512);
  char *frame = own_frame(), *mine = __builtin_frame_address(0);
  EXPECT(frame < mine && mine - frame < 4096);
  return after_caller();
}

// Stack arguments and its return address: no trampoline's frame may lie between.
NOINLINE static long both(long a, long b, long c, long d, long e, long f, long g, long h, void **from) {
  *from = __builtin_extract_return_addr(__builtin_return_address(0));
  return a + b + c + d + e + f + g + 10 * h;
}
NOINLINE static long calls_both(void) {
  void *from;
  long sum = both(1, 2, 3, 4, 5, 6, 7, 8, &from);
  EXPECT((char *)from > (char *)calls_both && (char *)from < (char *)calls_both + 512);
  return sum;
}

TORTURE(60, 0) {
  EXPECT(caller() == 1);
  EXPECT(calls_both() == 108);
}
