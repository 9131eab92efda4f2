// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forms of leaving that only some functions have: vzeroupper before the return, a realigned stack, a frame that
// only a part of the function makes (shrink wrapping), variable-length arrays, registers that are zeroed,
// __builtin_return, ms_abi; an interrupt handler leaves by iretq and has no sleds.
// MATRIX: interplay-exits
// REQUIRES: x86_64
// RUN: %both %t %cc -O2 %s
// RUN: %check(SITES) < %t.nop.sites
// RUN: not grep interrupt %t.nop.sites
// RUN: %both -f nop %t.0 %cc -O0 %s
// RUN: %both %t.1 %cc -Os %if !clang-14 %{-fzero-call-used-regs=all%} %s
// RUN: %both -f toggle %t.2 %cc -O3 -fno-omit-frame-pointer -fcf-protection=full -mavx2 -mno-red-zone -DMAYBE=1 %program
// RUN: %both -f toggle %t.3 %cc -O3 -mstackrealign -fno-pic -mcmodel=large %s

// SITES-DAG: zeroes_upper {{.*}} kind=return
// SITES-DAG: realigns {{.*}} kind=return
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
volatile int sink;
int has_avx2;
NOINLINE int leaf(int x) { return x + sink; }

NOINLINE __attribute__((target("avx2"))) int zeroes_upper(const int *p, int n) {
  typedef int vector __attribute__((vector_size(32)));
  vector sum = {0};
  for (int i = 0; i < n; ++i) {
    vector v;
    memcpy(&v, p, sizeof v);
    sum += v * i;
  }
  return sum[0] + sum[7];
}
NOINLINE __attribute__((target("avx2"))) int zeroes_and_calls(const int *p, int n) {
  return leaf(zeroes_upper(p, n));
}
NOINLINE int realigns(int n) {
  _Alignas(128) char text[256];
  memset(text, n, sizeof text);
  __asm__ volatile("" ::"r"(text) : "memory");
  return text[3] + (int)((unsigned long)text & 127);
}
NOINLINE int realigns_and_calls(int n, int a, int b, int c, int d, int e, int f) {
  _Alignas(64) int words[8] = {n, a, b, c, d, e, f};
  char more[n + 1];
  memset(more, 1, sizeof more);
  __asm__ volatile("" ::"r"(words), "r"(more) : "memory");
  return leaf(words[6]) + more[n];
}
NOINLINE int wrapped(int x) { // a frame only in one branch
  if (x < 3)
    return x;
  int total = 0;
  for (int i = 0; i < x; ++i)
    total += leaf(i) * leaf(total);
  return total;
}
NOINLINE __attribute__((ms_abi)) long microsoft(long a, long b, long c, long d, long e) {
  return a + b * 2 + c * 3 + d * 4 + e * 5;
}
#ifndef __clang__
NOINLINE int target_of_apply(int a, int b) { return a * b + sink; }
NOINLINE int applies(int a, int b) {
  void *result = __builtin_apply((void (*)())target_of_apply, __builtin_apply_args(), 64);
  __builtin_return(result);
}
#else
NOINLINE int applies(int a, int b) { return a * b + sink; }
#endif
struct frame;
__attribute__((interrupt, target("general-regs-only"))) void interrupt(struct frame *f) { sink = 1; }
NOINLINE __float128 quad(__float128 x) { return x; }
NOINLINE long double extended(long double x) { return x * 2; }
NOINLINE _Complex double pair(_Complex double x) { return x * 3; }

int main(void) {
  int words[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2"))
    printf("%d %d\n", zeroes_upper(words, 5), zeroes_and_calls(words, 6));
  for (int i = 0; i < 6; ++i)
    printf("%d %d %d\n", realigns(i), realigns_and_calls(i, 1, 2, 3, 4, 5, 6), wrapped(i));
  printf("%ld %d\n", microsoft(1, 2, 3, 4, 5), applies(6, 7));
  printf("%g %Lg %g\n", (double)quad(3), extended(4), __real__ pair(5));
  return 0;
}
