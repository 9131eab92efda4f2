// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ARM and Thumb-2 code, each alone and by turns in one section: the stub's address tells them apart, and a
// sled between two 2-byte instructions is 4-aligned. Far literals: of 8 bytes, which Thumb loads from 1 KiB
// at most, in a function with exits among them. An indirect tail call with four arguments has its target in
// ip, the last free register; GCC's nested functions have their static chain there.
// MATRIX: exits
// REQUIRES: runs
// RUN: %driver -o %t.driver.o
// RUN: %patched(flavour=toggle exits=on; -O2 -marm; %source/test/arch/program.c; %t.1)
// RUN: %patched(exits=on; -O2 -mthumb; %source/test/arch/program.c; %t.2)
// RUN: %patched(nops=3,1 exits=on; -O0 -marm; %source/test/arch/program.c; %t.3)
// RUN: %patched(exits=on; -Os -mthumb -fno-omit-frame-pointer; %source/test/arch/program.c; %t.4)
// RUN: %patched(exits=on; -O2 -marm -march=armv6 -mfpu=vfp; %source/test/arch/program.c; %t.5)
// RUN: %patched_cxx(exits=on; -O2 -marm -fPIE; 7; %source/test/arch/program.cpp; %t.6)
// RUN: %patched_cxx(exits=on; -O2 -mthumb -fPIE; 7; %source/test/arch/program.cpp; %t.7)
// RUN: %patched(exits=on; -O2 -mthumb; %s; %t.8)
// RUN: %patched(exits=on nops=4,2; -O2 -marm; %s; %t.9)
// RUN: %patched(exits=on; -O0 -marm; %s; %t.10)
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
#define ARM __attribute__((target("arm"))) NOINLINE
#define THUMB __attribute__((target("thumb"))) NOINLINE
volatile int sink;
volatile double real;

THUMB int t1(int x) { return x + sink; }
ARM int a1(int x) { return t1(x) * 3; }
THUMB int t2(int x) { return x & 1 ? a1(x) : t1(x + 2); }
ARM int a2(int x) { return x > 3 ? t2(x - 1) : a1(x); }
THUMB int t3(int x) { return a2(x) + a2(x + 1); }
ARM int a3(int x) {
  if (x == 4)
    return 1;
  sink = x;
  return t3(x) - 1;
}
NOINLINE int four(int a, int b, int c, int d) { return a + 2 * b + 3 * c + 4 * d; }
ARM int call_four(int (*f)(int, int, int, int), int x) { return f(x, x + 1, sink, 4); }
THUMB int call_four_thumb(int (*f)(int, int, int, int), int x) { return f(x, x + 1, sink, 4); }

// Literals that no immediate holds, and 20 exits.
#define STEP(n)                                                                                              \
  if (x == n) {                                                                                              \
    real = real * (n + 0.1234567) + (n + 9.87654321);                                                        \
    return (int)(real * 1000) + four(n, 2, x, 0x1234567 * n);                                                \
  }                                                                                                          \
  sink += 0x2345679 * (n + 3);
#define STEPS(n) STEP(n) STEP(n + 1) STEP(n + 2) STEP(n + 3) STEP(n + 4)
THUMB int literals(int x) { STEPS(0) STEPS(5) STEPS(10) STEPS(15) STEPS(20) STEPS(25) STEPS(30) return -1; }
ARM int literals_arm(int x) { STEPS(0) STEPS(5) STEPS(10) STEPS(15) STEPS(20) STEPS(25) STEPS(30) return -1; }

#ifndef __clang__
NOINLINE int apply(int (*f)(int), int x) { return f(x) + 1; }
NOINLINE int outer(int x) {
  THUMB int add(int y) { return x + y + sink; }
  ARM int subtract(int y) { return y - x + sink; }
  return apply(add, 3) * apply(subtract, 4);
}
#else
NOINLINE int outer(int x) { return (x + 3 + sink + 1) * (4 - x + sink + 1); }
#endif

int main(void) {
  sink = 5;
  for (int i = 0; i < 9; ++i)
    printf("%d %d %d ", t3(i), a3(i), t2(i));
  printf("%d %d %d\n", call_four(four, 7), call_four_thumb(four, 8), outer(6));
  for (int i = 0; i < 36; ++i)
    printf("%d %d ", literals(i), literals_arm(i));
  printf("%d\n", sink);
  return 0;
}
