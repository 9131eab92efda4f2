// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An interpreter whose operations end in musttail calls, with six arguments in registers and two on the stack.
// REQUIRES: clang
// RUN: %compile_c && %users
// RUN: %compile_c -O0 && %users
#include "torture.h"

#define TAIL __attribute__((musttail)) return
typedef long op_t(const unsigned char *code, long a, long b, long c, long *memory, double d, long e, long f, long g);
static op_t add, loop, store, stop;
static op_t *const ops[] = {add, loop, store, stop};
#define NEXT(a, b, c) TAIL ops[*code](code + 1, a, b, c, memory, d + 1, e, f, g)

NOINLINE static long add(const unsigned char *code, long a, long b, long c, long *memory, double d, long e, long f, long g) {
  NEXT(a + b, b, c);
}
NOINLINE static long store(const unsigned char *code, long a, long b, long c, long *memory, double d, long e, long f, long g) {
  memory[c % 8] = a;
  NEXT(a, b, c);
}
NOINLINE static long loop(const unsigned char *code, long a, long b, long c, long *memory, double d, long e, long f, long g) {
  if (c == 0) {
    code++;
    NEXT(a, b, c);
  }
  code -= *code;
  NEXT(a, b, c - 1);
}
NOINLINE static long stop(const unsigned char *code, long a, long b, long c, long *memory, double d, long e, long f, long g) {
  EXPECT(f == 77 && g == 88 && e == 66 && memory[1] && c == 0);
  (void)code, (void)b;
  return a + (long)d;
}

TORTURE(20, 0) {
  static const unsigned char code[] = {0, 2, 0, 1, 4, 3}; // add; store; add; loop to 4 before its operand; stop
  long memory[8] = {0}, count = 3000;
  EXPECT(ops[code[0]](code + 1, 0, 1, count, memory, 0, 66, 77, 88) == 6 * (count + 1));
}
