// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tail calls for which r11, the stub's register, is in use: as the target, or in the address of the target.
// Their stubs bring the slot in r10. A call through the GOT (-fno-plt) is one of a known function.
// MATRIX: interplay-exits
// REQUIRES: x86_64
// RUN: %both %t %cc -O2 -fcf-protection=none -DTAIL=%if clang %{'__attribute__((musttail))'%} %s
// RUN: %check(SITES) < %t.toggle.sites
// RUN: %both %t.1 %cc -O2 -fno-plt -fPIE %program
// RUN: %both -f nop %t.2 %cc -O1 -fno-plt -fPIC -DTAIL= %s

// SITES-DAG:      in_r11 {{.*}} stub=alternate {{.*}} kind=indirect-tail-call
// SITES-DAG:      by_address {{.*}} stub=alternate {{.*}} kind=indirect-tail-call
// SITES-DAG:      by_index {{.*}} stub=alternate {{.*}} kind=indirect-tail-call
// SITES-DAG:      by_name {{.*}} stub=yes {{.*}} kind=tail-call
// SITES-DAG:      at_fixed_place {{.*}} stub=yes {{.*}} kind=indirect-tail-call
#include <stdarg.h>
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
typedef int function(int);
volatile int sink;
NOINLINE int leaf(int x) { return x * 3 + sink; }
NOINLINE int other(int x) { return x * 5 + sink; }
struct Pointers {
  long before[3];
  function *member;
} pointers = {{1, 2, 3}, leaf}, others = {{4, 5, 6}, other}; // gcc 16 guesses the only function stored in a member
function *pointer = other, *table[4] = {leaf, other, leaf, other};

// The compiler must keep what it finds in r11 there.
NOINLINE int in_r11(int x) {
  register function *f __asm__("r11") = pointer;
  __asm__ volatile("" : "+r"(f));
  TAIL return f(x);
}
NOINLINE int by_address(int x) {
  register struct Pointers *p __asm__("r11") = &pointers;
  __asm__ volatile("" : "+r"(p));
  TAIL return p->member(x);
}
NOINLINE int by_index(int x) {
  register long i __asm__("r11") = x & 3;
  __asm__ volatile("" : "+r"(i));
  TAIL return table[i](x);
}
NOINLINE int by_name(int x) { TAIL return leaf(x + 1); }
NOINLINE int at_fixed_place(int x) { TAIL return pointer(x); }
NOINLINE int sum(int n, ...) {
  va_list arguments;
  va_start(arguments, n);
  int total = 0;
  while (n--)
    total += va_arg(arguments, int);
  va_end(arguments);
  return total;
}
// All argument registers and al are taken: r10 and r11 remain.
NOINLINE int variadic(int a, int b, int c, int d, int e, int (**f)(int, ...)) {
  return (*f)(5, a, b, c, d, e);
}
int (*of_sum)(int, ...) = sum;

int main(void) {
  for (int i = 0; i < 4; ++i) {
    printf("%d %d %d ", in_r11(i), by_address(i), by_index(i));
    printf("%d %d %d\n", by_name(i), at_fixed_place(i), variadic(i, 2, 3, 4, 5, &of_sum));
  }
  return 0;
}
