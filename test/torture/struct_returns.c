// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A result of every class of the psABI: one and two registers of either kind and mixed, memory (the hidden pointer
// comes back in rax), x87, a pair of x87, __int128, and vectors of 32 and 64 bytes.
// RUN: %compile_c -Wno-psabi && %users
// RUN: %if gcc-12 %{ %compile_c -Wno-psabi -fsanitize=address && %t %}
// RUN: %if clang-22 %{ %compile_c -Wno-psabi -fsanitize=address && %t %}
#include <complex.h>
#include <string.h>

#include "torture.h"

typedef double v4 __attribute__((vector_size(32)));
typedef double v8 __attribute__((vector_size(64)));
struct ints { long a, b; };
struct doubles { double a, b; };
struct mixed { long a; double b; };
struct turned { double a; long b; };
struct bytes { char c[3]; };
struct floats { float f[3]; };
struct memory { long v[5]; };
struct odd { char c[17]; };
struct has_x87 { long double a; };
struct empty_tail { double a; char c; };

#define RETURNS(type, name, ...) NOINLINE static type name(long n) { OPAQUE(); return __VA_ARGS__; }
RETURNS(struct ints, ints, (struct ints){n, n + 1})
RETURNS(struct doubles, doubles, (struct doubles){(double)n, (double)n + 1})
RETURNS(struct mixed, mixed, (struct mixed){n, (double)n + 1})
RETURNS(struct turned, turned, (struct turned){(double)n, n + 1})
RETURNS(struct bytes, bytes, (struct bytes){{(char)n, 2, 3}})
RETURNS(struct floats, floats, (struct floats){{(float)n, 2, 3}})
RETURNS(struct memory, memory, (struct memory){{n, 2, 3, 4, n + 5}})
RETURNS(struct odd, odd, (struct odd){{[0] = (char)n, [16] = 9}})
RETURNS(struct has_x87, has_x87, (struct has_x87){(long double)n + 0.5L})
RETURNS(struct empty_tail, empty_tail, (struct empty_tail){(double)n, 'x'})
RETURNS(long double, x87, (long double)n * 1.5L)
RETURNS(_Complex long double, x87_pair, (long double)n + 2.0L * I)
RETURNS(_Complex double, pair, (double)n + 2.0 * I)
RETURNS(_Complex float, packed, (float)n + 2.0f * I)
RETURNS(__int128, wide, ((__int128)n << 64) + n + 1)
RETURNS(_Bool, truth, n > 3)
RETURNS(float, single, (float)n)
__attribute__((target("avx"))) RETURNS(v4, vector4, (v4){(double)n, 1, 2, 3})
__attribute__((target("avx512f"))) RETURNS(v8, vector8, (v8){(double)n, 1, 2, 3, 4, 5, 6, 7})
NOINLINE static struct memory through(struct memory m, long a, long double b, struct mixed c, __int128 d) {
  m.v[1] += a + (long)b + c.a + (long)c.b + (long)(d >> 64);
  return m;
}

__attribute__((target("avx"))) NOINLINE static void check_avx(long n) {
  v4 v = vector4(n);
  EXPECT(v[0] == (double)n && v[1] == 1 && v[2] == 2 && v[3] == 3);
}
__attribute__((target("avx512f"))) NOINLINE static void check_avx512(long n) {
  v8 v = vector8(n);
  for (int i = 1; i < 8; i++)
    EXPECT(v[0] == (double)n && v[i] == i);
}

TORTURE(100, 0) {
  for (long n = 4; n < 9; n++) {
    double x = (double)n;
    EXPECT(ints(n).a == n && ints(n).b == n + 1);
    EXPECT(doubles(n).a == x && doubles(n).b == x + 1);
    EXPECT(mixed(n).a == n && mixed(n).b == x + 1);
    EXPECT(turned(n).a == x && turned(n).b == n + 1);
    EXPECT(bytes(n).c[0] == n && bytes(n).c[2] == 3);
    EXPECT(floats(n).f[0] == (float)n && floats(n).f[2] == 3);
    EXPECT(memory(n).v[0] == n && memory(n).v[4] == n + 5);
    EXPECT(odd(n).c[0] == n && odd(n).c[16] == 9);
    EXPECT(has_x87(n).a == (long double)n + 0.5L);
    EXPECT(empty_tail(n).a == x && empty_tail(n).c == 'x');
    EXPECT(x87(n) == (long double)n * 1.5L);
    EXPECT(creall(x87_pair(n)) == (long double)n && cimagl(x87_pair(n)) == 2);
    EXPECT(creal(pair(n)) == x && cimag(pair(n)) == 2 && crealf(packed(n)) == (float)n && cimagf(packed(n)) == 2);
    EXPECT((long)(wide(n) >> 64) == n && (long)wide(n) == n + 1);
    EXPECT(truth(n) && !truth(n - 9) && single(n) == (float)n);
    EXPECT(through(memory(n), 1, 2, mixed(n), wide(n)).v[1] == 2 + 1 + 2 + n + n + 1 + n);
    if (__builtin_cpu_supports("avx"))
      check_avx(n);
    if (__builtin_cpu_supports("avx512f"))
      check_avx512(n);
  }
}
