// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls that must be tail calls, a million of them: each leaves by its own exit sled, at -O0 too.
// MATRIX: interplay-musttail
// CANNOT(gcc-11 gcc-12 gcc-13 gcc-14): musttail is GCC 15's
// CANNOT(clang+mips64el clang+mipsel): LLVM makes no tail call that must be one for MIPS: "failed to perform tail call elimination on a call site marked musttail"
// UNSUPPORTED: gcc-11, gcc-12, gcc-13, gcc-14
// UNSUPPORTED: clang && (mips64el || mipsel)
// RUN: %if x86_64 %{ %both -f nop %t.0 %cc -O0 %s %}
// RUN: %both %t %cc -O2 %s
// RUN: %check(SITES) < %t.nop.sites
// RUN: %if clang && !(ppc64 || ppc64le) %{ %check(INDIRECT) < %t.nop.sites %}
// SITES-DAG: even {{.*}} kind={{(indirect-)?}}tail-call
// INDIRECT: through {{.*}} kind=indirect-tail-call
#include <stdio.h>

#define MUSTTAIL __attribute__((musttail))
#define NOINLINE __attribute__((noinline))
NOINLINE int even(int n);
NOINLINE int odd(int n) {
  if (!n)
    return 0;
  MUSTTAIL return even(n - 1);
}
NOINLINE int even(int n) {
  if (!n)
    return 1;
  MUSTTAIL return odd(n - 1);
}
int (*volatile pointer)(int) = even;
#if defined __powerpc64__ // its indirect calls cannot be tail calls
NOINLINE int through(int n) { return pointer(n); }
#else
NOINLINE int through(int n) { MUSTTAIL return pointer(n); }
#endif
NOINLINE int leaf(int n) { return n; }
NOINLINE int more(int n) { return leaf(n) + through(n); }

int main(void) {
  printf("%d %d %d %d\n", even(1000000), odd(1000000), through(3), more(4));
  return 0;
}
