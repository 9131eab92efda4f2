// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// KCFI: the hash of a function's type stands right before its label, and every indirect call looks there. The
// prefix of nops=N,M goes before the hash, so a program in which functions have different prefixes runs. Stock
// clang moves the hash to before the prefix, of the function alone: such a program dies in its first call.
// The sled of a tail call stands before the check, whose register r10 it leaves alone.
// MATRIX: interplay-kcfi defect-8
// CANNOT(clang-14): clang 14 has no -fsanitize=kcfi
// REQUIRES: clang
// UNSUPPORTED: clang-14
// The defect, and the cure.
// RUN: %bare_cc -O2 -fsanitize=kcfi %s -o %t.plain && %t.plain
// RUN: %bare_cc -O2 -fsanitize=kcfi -fpatchable-function-entry=5,2 %s -o %t.stock
// RUN: sh -c '%t.stock; test $? = 132'
// RUN: %cc -O2 -fsanitize=kcfi -fpatchable-function-entry=5,2 %s -o %t.cured
// RUN: %t.cured | %check(RUNS)
// RUN: %cc -O2 -fsanitize=kcfi -fpatchable-function-entry=5,2 -DMIXED %s -o %t.mixed
// RUN: %t.mixed | %check(RUNS)
// RUN: %cc -O2 -fsanitize=kcfi %s -o %t.options %opt(nops=16,11)
// RUN: %t.options | %check(RUNS)
// RUNS: 5 right
// The hash is where the caller looks, the prefix before it, the function stays aligned.
// RUN: %cc -O2 -fsanitize=kcfi -fpatchable-function-entry=5,2 -fcf-protection=none -DMIXED -c %s -o %t.o
// RUN: %sites %t.o | %check(SITES)
// RUN: %objdump -d %t.o | %check(TEXT)
// RUN: %both %t.1 %cc -O2 -fsanitize=kcfi %program
// RUN: %both -f nop -o nops=7,2 %t.2 %cc -O0 -fsanitize=kcfi -fcf-protection=branch %program
// RUN: %both -f toggle %t.3 %cc -O2 -fsanitize=kcfi -fPIC -mretpoline %program
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
// SITES-DAG: other nop sled=+0 prefix=4
// TEXT:      <prefixed>:
// TEXT-NEXT: {{^ *[0-9a-f]*0:}}
