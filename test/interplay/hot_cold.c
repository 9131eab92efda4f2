// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Hot and cold parts of one function in two sections: the cold part is no function of its own (gcc's .cold:
// no entry sled), but its exits are the function's; what clang's -hot-cold-split takes out of a function is
// called and has sleds like every function, or none where its name says .cold.
// 32-bit ARM has no such partition in GCC, which says so and leaves the function whole.
// MATRIX: interplay-hot-cold
// RUN: %both %t %cc -O2 %s %if gcc %{-freorder-blocks-and-partition%} %else %{-mllvm -hot-cold-split %if x86 %{-fsplit-machine-functions%}%}
// RUN: %if gcc %{ %check(SITES) < %t.toggle.sites %}
// RUN: %if gcc && !arm %{ %nm %t.toggle.o | %check(SYMBOLS) %}
// RUN: not grep '\.cold.* section=[^ ]*$' %t.nop.sites
// SYMBOLS-GCC: choose.cold
// SITES-GCC: choose {{.*}} kind=tail-call
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))
volatile int sink;
NOINLINE __attribute__((cold)) int rare(int x) { return x * 5 + sink; }
NOINLINE int leaf(int x) { return x + sink; }
NOINLINE int choose(int x) {
  if (__builtin_expect_with_probability(x > 40, 0, 1.0)) {
    sink = x;
    sink = x + 1;
    return rare(x);
  }
  if (__builtin_expect_with_probability(x == 33, 0, 1.0)) {
    sink = 3;
    return rare(x) + 1;
  }
  return leaf(x);
}
NOINLINE int many(int n) {
  int total = 0;
  for (int i = 0; i < n; ++i)
    total += choose(i);
  return total;
}
NOINLINE int third(int x) { return many(x) + leaf(x); }
NOINLINE int fourth(int x) { return third(x) - 1; }

int main(void) {
  printf("%d %d %d\n", many(50), fourth(45), choose(41));
  return 0;
}
