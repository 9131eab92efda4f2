// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An indirect tail call whose target is in t3, which the stub uses otherwise: the alternate stub leaves it
// alone. All other argument and temporary registers that a target can be in are taken.
// MATRIX: exits
// REQUIRES: runs
// RUN: env LUGE_PLUGIN='exits=on stub=yes' %cc -O2 -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | %check(STUB)
// RUN: %driver -o %t.driver.o
// RUN: %link %t.o %t.driver.o -rdynamic -o %t.1
// RUN: %S/../Inputs/same.sh 0 %run %t.1
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
typedef long Function(long, long, long, long, long, long, long, long);

NOINLINE long weigh(long a, long b, long c, long d, long e, long f, long g, long h) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}
NOINLINE long other(long a, long b, long c, long d, long e, long f, long g, long h) {
  return weigh(h, g, f, e, d, c, b, a) + 1;
}
Function *volatile table[] = {weigh, other};

NOINLINE long through_t3(long a, long b, long c, long d, long e, long f, long g, long h) {
  register Function *target __asm__("t3") = table[a & 1];
  __asm__ volatile("" : "+r"(target) : : "t0", "t1", "t2", "t4", "t5", "t6", "ra");
  return target(a, b, c, d, e, f, g, h);
}
NOINLINE long plain(long a, long b, long c, long d, long e, long f, long g, long h) {
  return table[b & 1](a, b, c, d, e, f, g, h);
}
NOINLINE int twice(int x) { return 2 * x; }
NOINLINE int thrice(int x) { return 3 * x; }

int main(void) {
  long total = 0;
  for (long i = 0; i < 5; ++i)
    total += through_t3(i, 2, 3, 4, 5, 6, 7, 8) + plain(1, i, 3, 4, 5, 6, 7, 8) + twice(1) + thrice(2);
  printf("%ld\n", total);
  return 0;
}

// STUB: 000e8067 jr t4
