// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// KCFI: the hash of a function's type stands right before its label, and every indirect call looks there. The
// prefix of nops=N,M goes before the hash, so a program in which functions have different prefixes runs. Stock
// clang moves the hash to before the prefix, of the function alone: such a program dies in its first call.
// The sled of a tail call stands before the check, whose register r10 it leaves alone.
// MATRIX: interplay-kcfi defect-8
// CANNOT(clang-14): clang 14 has no -fsanitize=kcfi
// REQUIRES: clang && (x86_64 || aarch64 || riscv64 || arm)
// UNSUPPORTED: clang-14
// The defect, and the cure. Nothing to cure where clang refuses the mix: it has no -fpatchable-function-entry for
// 32-bit ARM, and clang 16 dies of its own complaint for RISC-V.
// RUN: %bare_cc -O2 -fsanitize=kcfi %s -o %t.plain && %run %t.plain
// RUN: %if !arm && !(clang-16 && riscv64) %{ %bare_cc -O2 -fsanitize=kcfi -fpatchable-function-entry=5,2 %s -o %t.stock %}
// RUN: %if !arm && !(clang-16 && riscv64) %{ sh -c '%run %t.stock; test $? %if x86_64 %{= 132%} %else %{-gt 128%}' %}
// RUN: %if !arm && !(clang-16 && riscv64) %{ %cc -O2 -fsanitize=kcfi -fpatchable-function-entry=5,2 %s -o %t.cured %}
// RUN: %if !arm && !(clang-16 && riscv64) %{ %run %t.cured | %check(RUNS) %}
// RUN: %if !arm && !(clang-16 && riscv64) %{ %cc -O2 -fsanitize=kcfi -fpatchable-function-entry=5,2 -DMIXED %s -o %t.mixed %}
// RUN: %if !arm && !(clang-16 && riscv64) %{ %run %t.mixed | %check(RUNS) %}
// RUN: %cc -O2 -fsanitize=kcfi %s -o %t.options %opt(nops=16,%if x86_64 %{11%} %else %{8%}) %if arm || clang-16 && riscv64 %{ %opt(exclude=*bare) %}
// RUN: %run %t.options | %check(RUNS)
// RUNS: 5 right
// The hash is where the caller looks, the prefix before it, the function stays aligned.
// RUN: %cc -O2 -fsanitize=kcfi %if arm || clang-16 && riscv64 %{ %opt(nops=5,2) %} %else %{-fpatchable-function-entry=5,2%} %if x86_64 %{-fcf-protection=none%} -DMIXED -c %s -o %t.o
// RUN: %sites %t.o > %t.sites
// RUN: %check(SITES) < %t.sites
// RUN: %if !arm && !(clang-16 && riscv64) %{ %check(OTHER) < %t.sites %}
// RUN: %if x86_64 %{ %objdump -d %t.o | %check(TEXT) %}
// RUN: %both %t.1 %cc -O2 -fsanitize=kcfi %program
// RUN: %if x86_64 %{ %both -f nop -o nops=7,2 %t.2 %cc -O0 -fsanitize=kcfi -fcf-protection=branch %program %}
// RUN: %if x86_64 %{ %both -f toggle %t.3 %cc -O2 -fsanitize=kcfi -fPIC -mretpoline %program %}
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
NOINLINE int prefixed(int x) { return x + 1; }
NOINLINE __attribute__((patchable_function_entry(0, 0))) int bare(int x) { return x + 2; }
#ifdef MIXED
__attribute__((patchable_function_entry(9, 4)))
#endif
NOINLINE int other(int x) { return x + 3; }
int (*volatile table[])(int) = {prefixed, bare, other};

NOINLINE __attribute__((patchable_function_entry(0, 0))) int from_bare(int i) { return table[i](i) + 1; }
int main(void) {
  int right = 0;
  for (int i = 0; i < 3; ++i)
    right += table[i](i) == 2 * i + 1;
  right += from_bare(0) == 2;
  right += from_bare(1) == 4;
  printf("%d right\n", right);
  return right != 5;
}
// SITES-DAG: prefixed nop sled=+0 prefix=2
// OTHER:     other nop sled=+0 prefix=4
// TEXT:      <prefixed>:
// TEXT-NEXT: {{^ *[0-9a-f]*0:}}
