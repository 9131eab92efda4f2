// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Indirect functions: the user's resolver has a sled and runs while the program is being relocated, before any
// sled can be on; the versions of target_clones each have one, their resolver, made by the compiler, has none.
// MATRIX: interplay-ifunc
// CANNOT(mips64el mipsel): MIPS has no indirect functions: GCC says that ifunc is not supported on this target, binutils 2.40 fails an assertion on what clang makes of it
// UNSUPPORTED: mips64el, mipsel
// RUN: %both %t %cc -O2 %if i386 %{-fPIC%} %s
// RUN: %check(SITES) < %t.nop.sites
// RUN: %if gcc && x86_64 %{ %check(CLONED) < %t.nop.sites %}
// RUN: not grep '\.resolver' %t.nop.sites
// RUN: %both -f toggle %t.0 %cc -O1 -static %s
// SITES-DAG: chosen
// SITES-DAG: {{resolve|indirect}} nop
// CLONED-GCC: cloned.avx2
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
volatile int sink;
NOINLINE int leaf(int x) { return x + sink; }
static int chosen(int x) { return leaf(x) * 2; }
static int not_chosen(int x) { return x; }
static int which(int x) { return x == 1; }
static int (*resolve(void))(int) { return which(1) ? chosen : not_chosen; }
int indirect(int x) __attribute__((ifunc("resolve")));
#if defined __x86_64__ && (!defined __clang__ || __clang_major__ >= 16)
__attribute__((target_clones("avx2", "default"))) int cloned(int x) { return leaf(x) * 3; }
#else
NOINLINE int cloned(int x) { return leaf(x) * 3; }
#endif
NOINLINE int tail(int x) { return indirect(x + 1); }
NOINLINE int both(int x) { return cloned(x) + tail(x); }
NOINLINE int last(int x) { return cloned(x + 2); }

int main(void) {
  for (int i = 0; i < 5; ++i)
    printf("%d %d %d\n", indirect(i), both(i), last(i));
  return 0;
}
