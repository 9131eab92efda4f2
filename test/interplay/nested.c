// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Nested functions: the static chain in r10 survives the entry's sled and that of an exit, also through a
// trampoline on the stack, and a jump out of a nested function leaves two functions without an exit.
// MATRIX: interplay-nested
// REQUIRES: gcc
// RUN: %both -l 4 %t %cc -O2 %s
// RUN: %check(SITES) < %t.toggle.sites
// RUN: %if x86_64 %{ %both -f nop -l 4 %t.0 %cc -O0 %s %}
// SITES-DAG: inner{{.*}} flags=chain
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
volatile int sink;
NOINLINE int apply(int (*f)(int), int x) { return f(x) + 1; }
NOINLINE int tail(int (*f)(int), int x) { return f(x + 2); }
NOINLINE int leaf(int x) { return x + sink; }
NOINLINE int outer(int x) {
  NOINLINE int inner(int y) { return x += leaf(y); }
  NOINLINE int deeper(int y) {
    NOINLINE int deepest(int z) { return inner(z) * x + y; }
    return apply(deepest, y) + deepest(1);
  }
  return inner(1) + apply(inner, 2) + tail(inner, 3) + deeper(x) + tail(deeper, 4);
}
NOINLINE int jumps_out(int x) {
  __label__ out;
  NOINLINE int inner(int y) {
    if (y > 3)
      goto out;
    return y;
  }
  x += inner(1);
  apply(inner, x);
  return x;
out:
  return -1;
}

int main(void) {
  printf("%d %d %d %d\n", outer(1), outer(5), jumps_out(1), jumps_out(3));
  printf("%d\n", jumps_out(7));
  return 0;
}
