// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Variadic calls: rax says how many vector registers hold arguments, and arguments lie on the stack where no record
// can know how many; doubles, long doubles and structures among them; through va_list and through a pointer.
// RUN: %compile_c && %users
// RUN: %compile_c -O0 && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
// RUN: %if clang-22 %{ %compile_c -fsanitize=address && %t %}
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "torture.h"

typedef float float4 __attribute__((vector_size(16)));
struct big {
  long v[3];
};

NOINLINE static double inner(const char *kinds, va_list ap) {
  double sum = 0;
  for (; *kinds; kinds++)
    switch (*kinds) {
    case 'i': sum += va_arg(ap, int); break;
    case 'l': sum += (double)va_arg(ap, long); break;
    case 'd': sum += va_arg(ap, double); break;
    case 'L': sum += (double)va_arg(ap, long double); break;
    case 'v': {
      float4 v = va_arg(ap, float4);
      sum += v[0] + v[3];
      break;
    }
    case 'b': sum += (double)va_arg(ap, struct big).v[2]; break;
    }
  return sum;
}
NOINLINE static double sum(const char *kinds, ...) {
  va_list ap;
  va_start(ap, kinds);
  double result = inner(kinds, ap);
  va_end(ap);
  return result;
}
NOINLINE static int format(char *out, size_t size, const char *text, ...) {
  va_list ap;
  va_start(ap, text);
  int n = vsnprintf(out, size, text, ap);
  va_end(ap);
  return n;
}
NOINLINE static double fixed(double a, double b) { OPAQUE(); return a - b; }

TORTURE(100, 0) {
  double (*volatile pointer)(const char *, ...) = sum;
  float4 v = {1, 2, 3, 4};
  struct big b = {{7, 8, 9}};
  char out[100];
  EXPECT(sum("") == 0);
  EXPECT(sum("ild", 1, 2l, 3.5) == 6.5);
  EXPECT(sum("dddddddddddd", 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.) == 78);
  EXPECT(sum("iiiiiiiidv", 1, 2, 3, 4, 5, 6, 7, 8, 9.5, v) == 50.5);
  EXPECT(pointer("vvvvvvvvvLbi", v, v, v, v, v, v, v, v, v, 2.5L, b, 3) == 45 + 2.5 + 9 + 3);
  EXPECT(fixed(5, 3) == 2);
  EXPECT(format(out, sizeof out, "%d %s %.1f %Lf %ld", 1, "two", 3.5, 4.0L, 5l) == 20 && !strcmp(out, "1 two 3.5 4.000000 5"));
}
