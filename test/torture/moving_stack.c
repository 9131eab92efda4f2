// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// alloca, variable-length arrays, and locals that need more alignment than the stack has, so that the function
// realigns it: with arguments on the stack, below an alloca, around a traced call.
// RUN: %compile_c && %users
// RUN: %compile_c -O0 && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
// RUN: %if clang-22 %{ %compile_c -fsanitize=address && %t %}
#include <alloca.h>
#include <stdint.h>
#include <string.h>

#include "torture.h"

typedef double wide __attribute__((vector_size(32)));
static int have_avx;

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static long with_alloca(long n) {
  char *room = alloca((size_t)n * 16 + 1);
  memset(room, (int)n, (size_t)n * 16 + 1);
  long below = n ? with_alloca(n - 1) : 0;
  for (long i = 0; i <= n * 16; i++)
    EXPECT(room[i] == (char)n);
  return below + leaf(n);
}
NOINLINE static long with_array(long n, long a, long b, long c, long d, long e, long f, long g) {
  long array[n + 1];
  for (long i = 0; i <= n; i++)
    array[i] = leaf(i);
  OPAQUE();
  return array[n] + a + b + c + d + e + f + g;
}
NOINLINE static long realigned(long n, long a, long b, long c, long d, long e, long f, long g) {
  _Alignas(64) volatile char room[64];
  _Alignas(256) volatile char more[256];
  EXPECT((uintptr_t)room % 64 == 0 && (uintptr_t)more % 256 == 0);
  room[0] = more[0] = (char)n;
  long below = n ? realigned(n - 1, a, b, c, d, e, f, g) : a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g;
  EXPECT(room[0] == (char)n && more[0] == (char)n);
  return below + leaf(n);
}
NOINLINE static long realigned_alloca(long n, long a, long b, long c, long d, long e, long f) {
  _Alignas(64) volatile char room[64];
  char *other = alloca((size_t)n + 8);
  other[0] = (char)n;
  room[1] = (char)n;
  OPAQUE();
  EXPECT((uintptr_t)room % 64 == 0 && other[0] == room[1]);
  return (n ? realigned_alloca(n - 1, a, b, c, d, e, f) : a + b + c + d + e) + f;
}
__attribute__((target("avx"))) NOINLINE static wide sum(wide a, wide b) {
  OPAQUE();
  return a + b;
}
__attribute__((target("avx"))) NOINLINE static double vectors(double x, long n) {
  wide kept = {x, x + 1, x + 2, x + 3};
  for (long i = 0; i < n; i++)
    kept = sum(kept, (wide){1, 2, 3, 4});
  return kept[0] + kept[1] + kept[2] + kept[3];
}

TORTURE(40, 0) {
  have_avx = __builtin_cpu_supports("avx");
  for (int i = 0; i < 5; i++) {
    EXPECT(with_alloca(20) == 210 + 21);
    EXPECT(with_array(10, 1, 2, 3, 4, 5, 6, 7) == 11 + 28);
    EXPECT(realigned(10, 1, 2, 3, 4, 5, 6, 7) == 140 + 55 + 11);
    EXPECT(realigned_alloca(10, 1, 2, 3, 4, 5, 6) == 15 + 66);
    EXPECT(!have_avx || vectors(1, 10) == 10 + 100);
  }
}
