// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every sled of a C program switched on: the output is that of the program as it was compiled, and every
// function that was entered was left. Arguments in registers and on the stack, of every class, structures,
// variadic, nested and returned through memory; tail calls, direct and through a pointer; conditional
// returns; recursion. One line for each option that changes where sleds stand.
// MATRIX: exits defect-16
// REQUIRES: runs
// RUN: %driver -o %t.driver.o
// RUN: %patched(flavour=toggle exits=on; -O2; %s; %t.1)
// RUN: %patched(exits=on; -O0; %s; %t.2)
// RUN: %patched(nops=12,2 exits=on; -Os -fPIE; %s; %t.3)
// RUN: %patched(exits=on; -O1 -fno-omit-frame-pointer -g; %s; %t.4)
// RUN: %patched(exits=on names=on; -O3 -ffunction-sections; %s; %t.5)
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
volatile int sink;
int variable = 5;

struct Big { long a[6]; };
struct Pair { double x; float y; };

NOINLINE int leaf(int x) { return x * 3 + variable; }
NOINLINE int two(int x) { return leaf(x) + leaf(x + 1); }
NOINLINE long many(long a, int b, short c, char d, long e, long f, long g, long h, int i, long j, long k) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k;
}
NOINLINE double floats(double a, float b, double c, double d, float e, double f, double g, double h,
                       double i, double j, double k, double l, double m, double n) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l +
         13 * m + 14 * n;
}
NOINLINE double mixed(int a, double b, long long c, float d, struct Pair p) {
  return a + b * 2 + (double)c * 3 + d * 4 + p.x * 5 + p.y * 6;
}
NOINLINE struct Big returns_big(long n) {
  struct Big b;
  for (int i = 0; i < 6; ++i)
    b.a[i] = n + i;
  return b;
}
NOINLINE struct Pair returns_pair(double x) {
  struct Pair p = {x * 2, (float)x};
  return p;
}
NOINLINE long takes_big(struct Big b, int k) { return b.a[0] + b.a[5] * k; }
NOINLINE long sum(int n, ...) {
  va_list args;
  va_start(args, n);
  long total = 0;
  for (int i = 0; i < n; ++i)
    total += i & 1 ? (long)va_arg(args, double) : va_arg(args, int);
  va_end(args);
  return total;
}
NOINLINE int tail(int x) { return leaf(x + 1); }
NOINLINE int tail_if(int x) {
  if (x > 10)
    return two(x);
  return x;
}
NOINLINE int through(int (*f)(int), int x) { return f(x - 1); }
NOINLINE int through_many(int (*f)(int), int b, int c, int d, int e, int g, int x) {
  sink = b + c + d + e + g;
  return f(x);
}
NOINLINE void conditional(int x, int *p) {
  if (x == 7)
    return;
  *p = x;
  sink = x;
}
NOINLINE int early(int x) {
  if (x < 0)
    return -1;
  if (x == 0)
    return two(x);
  sink = x;
  return leaf(sink) + 1;
}
NOINLINE int even(int n);
NOINLINE int odd(int n) { return n == 0 ? 0 : even(n - 1); }
NOINLINE int even(int n) { return n == 0 ? 1 : odd(n - 1); }
NOINLINE int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
NOINLINE int frame(int n) {
  char text[300];
  memset(text, n, sizeof text);
  __asm__ volatile("" ::"r"(text) : "memory");
  return text[n & 255] + leaf(n);
}
NOINLINE int dynamic(int n) {
  char text[n + 1];
  memset(text, 'x', (size_t)n);
  text[n] = 0;
  __asm__ volatile("" ::"r"(text) : "memory");
  return (int)strlen(text);
}
NOINLINE int choose(int x) {
  switch (x) {
  case 0: return two(1);
  case 1: return leaf(9);
  case 2: return 77;
  case 3: return (int)sum(4, 1, 2.0, 3, 4.0);
  case 4: return frame(3);
  default: return -x;
  }
}
NOINLINE unsigned long long wide(unsigned long long a, unsigned b) { return a / b + (a << 7); }
#ifndef __clang__
NOINLINE int nested(int x) {
  int add(int y) { return x + y + variable; }
  return through(add, 3) + add(4);
}
#else
NOINLINE int nested(int x) { return x + 2 + variable + x + 4 + variable; }
#endif

int main(void) {
  struct Pair p = {1.5, 2.5f};
  int kept = 1;
  printf("%d %d %ld\n", two(3), tail(4), many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  printf("%g %g\n", floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14), mixed(1, 2, 3, 4, p));
  struct Big b = returns_big(10);
  printf("%ld %ld %g %g\n", b.a[5], takes_big(b, 3), returns_pair(3).x, returns_pair(4).y);
  printf("%ld %ld\n", sum(6, 1, 2.0, 3, 4.0, 5, 6.0), sum(0));
  printf("%d %d %d\n", tail_if(20), tail_if(2), through(leaf, 5) + through_many(two, 1, 2, 3, 4, 5, 6));
  conditional(7, &kept);
  printf("%d ", kept);
  conditional(8, &kept);
  printf("%d %d %d %d\n", kept, early(-4), early(0), early(5));
  printf("%d %d %d\n", even(1000), odd(7), fib(15));
  printf("%d %d %d\n", frame(5), dynamic(33), nested(6));
  for (int i = 0; i < 6; ++i)
    printf("%d ", choose(i));
  printf("%llu\n", wide(1ull << 40, 3));
  return 0;
}
