// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The machine outliner makes functions of repeated code, also of code that ends in a return or a tail call:
// those have no sled, and no sled becomes a part of them. On RISC-V, code for any address has labels of its own
// in each copy and stays.
// MATRIX: interplay-outliner
// CANNOT(gcc): GCC has no outliner of machine code
// REQUIRES: clang && (x86 || aarch64 || arm || riscv64)
// RUN: %both %t %cc -Oz -mllvm -enable-machine-outliner=always %if riscv64 %{-fno-pic -no-pie%} %s
// RUN: %nm %t.nop.o | %check(SYMBOLS)
// RUN: not grep OUTLINED %t.nop.sites
// SYMBOLS: OUTLINED_FUNCTION_0
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
volatile int sink;
NOINLINE int end(int a, int b, int c) { return a * 3 + b * 2 + c + sink; }
#define SAME(name)                                                                                 \
  NOINLINE int name(int a, int b) {                                                                \
    sink = 1, sink = 2, sink = 3, sink = 4, sink = 5, sink = 6;                                    \
    return end(a + 11, b + 22, 33);                                                                \
  }
SAME(one) SAME(two) SAME(three) SAME(four) SAME(five)
#define RETURNS(name)                                                                              \
  NOINLINE int name(int a) {                                                                       \
    sink = a;                                                                                      \
    sink = 10, sink = 20, sink = 30, sink = 40;                                                    \
    return a * 77;                                                                                 \
  }
RETURNS(six) RETURNS(seven) RETURNS(eight)

int main(void) {
  for (int i = 0; i < 4; ++i)
    printf("%d %d\n", one(i, 1) + two(i, 2) + three(i, 3) + four(i, 4) + five(i, 5), six(i) + seven(i) + eight(i));
  return 0;
}
