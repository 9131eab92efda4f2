// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// libgcc finds an FDE that begins at the function, for its address and for each of its sleds. gcc 12 itself has no FDE
// at the NOPs of -fpatchable-function-entry on riscv64, s390x, ppc64 and aarch64. walk.test unwinds from there.
// MATRIX: defect-6
// REQUIRES: runs
// RUN: %link -std=c++20 -O1 -fPIC -funwind-tables %target_flags -I%source -c -o %t.driver.o %S/Inputs/unwind.cpp
// RUN: env "LUGE_PLUGIN=exits=on" %cc -O2 -fPIE -funwind-tables -c -o %t.o %s
// RUN: %link -pie -o %t %t.o %t.driver.o
// RUN: %run %t | %check
// RUN: env "LUGE_PLUGIN=flavour=toggle exits=on" %cc -O0 -fPIE -funwind-tables -c -o %t.o %s
// RUN: %link -pie -o %t %t.o %t.driver.o
// RUN: %run %t | %check

// ALL: {{[1-9][0-9]*}} records, 0 without FDE
// ALL: result 42
#include <stdio.h>

volatile int sink = 2;

__attribute__((noinline)) int inner(int x) {
  char text[64];
  for (int i = 0; i < 64; ++i)
    text[i] = (char)(i + x);
  __asm__ volatile("" ::"r"(text) : "memory");
  return text[sink] - sink;
}
__attribute__((noinline)) int outer(int x) {
  int y = inner(x);
  sink += 1;
  return y + 1;
}
int main(void) {
  printf("result %d\n", outer(41));
  return 0;
}
