// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arguments in eax, edx and ecx are kept by the stub, and the record says that this is no C convention. A
// nested function with three of them is entered behind its first instruction: it has no sled.
// REQUIRES: gcc
// RUN: %cc -O1 -c -o %t.o %s
// RUN: %sites %t.o | %check(SITES)
// RUN: %driver -o %t.driver.o
// RUN: %patched(flavour=toggle exits=on; -O1; %s; %t)
#include <stdio.h>
#define NOINLINE __attribute__((noipa))
typedef int function(int, int, int) __attribute__((regparm(3)));

NOINLINE __attribute__((regparm(3))) int three(int a, int b, int c) { return a * 100 + b * 10 + c; }
NOINLINE __attribute__((fastcall)) int fast(int a, int b, int c) { return a + b - c; }
NOINLINE int call(function *f, int n) { return f(n, 2, 3); }
NOINLINE __attribute__((regparm(3))) int tail(int a, int b, function *f) { return f(b, a, 7); }
NOINLINE int outer(int x) {
  NOINLINE __attribute__((regparm(3))) int nested(int a, int b, int c) { return a + b + c + x; }
  return call(nested, x) + nested(1, 2, 3);
}
NOINLINE int loop(int n) { return n ? loop(n - 1) + 1 : 0; }

int main(void) {
  printf("%d %d %d %d %d %d\n", three(1, 2, 3), fast(1, 2, 3), call(three, 4), tail(1, 2, three), outer(5),
         loop(30));
  return 0;
}
// SITES-NOT: nested
// SITES-DAG: three nop sled=+0 prefix=0 args=0 flags=special-cc
// SITES-DAG: fast nop sled=+0 prefix=0 args=1 flags=special-cc
// SITES-DAG: call nop sled=+0 prefix=0 args=1 flags=-
// SITES-NOT: nested
