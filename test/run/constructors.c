// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Callbacks in constructors, before those of the runtime in a program with libluge.a: vector arguments keep their
// whole width.
// RUN: %luge_cc -O2 -I%source/runtime/include %s -o %t
// RUN: %t | %check
// RUN: env LUGE_RUNTIME=static %luge_cc -O2 -I%source/runtime/include %s -o %t
// RUN: %t | %check
// ALL: 0 failures
#include <immintrin.h>
#include <luge/ftrace.h>

#include "Inputs/check.h"

static int calls;
__attribute__((noinline, target("avx"))) void wide(__m256d v, double *out) { _mm256_storeu_pd(out, v); }
__attribute__((target("avx"))) static void clobber(unsigned long ip, unsigned long parent, struct ftrace_ops *op,
                                                   struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
  __asm__ volatile("vpxor %%xmm0, %%xmm0, %%xmm0" ::: "xmm0");
  calls++;
}
static struct ftrace_ops ops = {.func = clobber};

__attribute__((target("avx"))) static void check(void) {
  double out[4] = {0};
  wide(_mm256_set1_pd(3), out);
  EXPECT(out[0] == 3 && out[3] == 3);
}

__attribute__((constructor(200))) static void early(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx"))
    return;
  EXPECT(ftrace_set_filter(&ops, "wide", 4, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  check();
}

int main(void) {
  if (__builtin_cpu_supports("avx")) {
    check();
    EXPECT(calls == 2);
  }
  printf("%d failures\n", failures);
  return failures != 0;
}
