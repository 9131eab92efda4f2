// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Unwinding from the sled itself: libgcc finds an FDE that begins at the function, for its address and for each of
// its sleds, and a walk from inside the entry sled sees the function and its callers; from the exit sled, too,
// with gcc, which describes epilogues (LLVM does on few targets: a walk from there goes astray). gcc 12 itself
// has no FDE at the NOPs of
// -fpatchable-function-entry on riscv64, s390x, ppc64 and aarch64.
// MATRIX: defect-6
// REQUIRES: runs
//
// Not walked on arm, whose tables (EHABI) describe a function behind its prologue only, and
// not on ppc64 and ppc64le: libgcc does not recognise the signal frame that qemu 7.2 makes.
// RUN: %link -std=c++20 -O1 -fPIC -funwind-tables %target_flags -I%source -c -o %t.driver.o %S/Inputs/unwind.cpp
// RUN: env "LUGE_PLUGIN=exits=on" %cc -O2 -fPIE -funwind-tables -c -o %t.o %s
// RUN: %link -pie -o %t %t.o %t.driver.o
// RUN: %if clang %{ %run %t > %t.out %}
// RUN: %if gcc %{ env UNWIND_EXITS=1 %run %t > %t.out %}
// RUN: %check(FDE) < %t.out
// RUN: %if !arm && !ppc64 && !ppc64le %{ %check(OUT) < %t.out %}
// RUN: env "LUGE_PLUGIN=flavour=toggle exits=on" %cc -O0 -fPIE -funwind-tables -c -o %t.o %s
// RUN: %link -pie -o %t %t.o %t.driver.o
// RUN: %if clang %{ %run %t > %t.out %}
// RUN: %if gcc %{ env UNWIND_EXITS=1 %run %t > %t.out %}
// RUN: %check(FDE) < %t.out
// RUN: %if !arm && !ppc64 && !ppc64le %{ %check(OUT) < %t.out %}

// FDE:          {{[1-9][0-9]*}} records, 0 without FDE
// FDE:          result 42
// OUT:          records
// OUT-NEXT:     entry: inner outer main
// OUT-GCC-NEXT: exit: inner outer main
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
