// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Code that runs before main: a function that _init calls (section .init, before any constructor, so before the
// module has registered itself), constructors of every priority, functions in .init.text and .preinit_array.
// All have sleds; the ones that ran too early were not counted, and did not crash. RISC-V and LoongArch have no _init; that of i386 and MIPS is position
// independent code, which keeps a register for the global offset table: no call is added there.
// MATRIX: interplay-init
// RUN: %both %t %cc -O2 %s
// RUN: %check(SITES) < %t.nop.sites
// RUN: %if x86_64 %{ %both -f toggle %t.0 %cc -O0 -fno-pie -no-pie %s %}
// SITES-DAG: from_init {{.*}} section=.text
// SITES-DAG: in_init_text {{.*}} section=.init.text
// SITES-DAG: first {{.*}}
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
volatile int steps, sink;
NOINLINE int leaf(int x) { return x + sink; }
NOINLINE void step(int n) { steps = steps * 10 + leaf(n); }
void from_init(void) { step(1); }
#if defined __aarch64__ || defined __arm__
#define CALL "bl from_init"
#elif defined __powerpc64__
#define CALL "bl from_init\n\tnop"
#elif defined __s390x__
#define CALL "brasl %r14, from_init"
#elif defined __x86_64__
#define CALL "call from_init"
#endif
#ifdef CALL
__asm__(".pushsection .init,\"ax\"\n\t" CALL "\n\t.popsection");
#endif
static void before_all(void) { step(0); }
__attribute__((section(".preinit_array"), used)) static void (*const at_start)(void) = before_all;
__attribute__((constructor(101))) static void first(void) { step(2); }
__attribute__((constructor(500))) static void second(void) { step(3); }
__attribute__((constructor)) static void third(void) { step(4); }
__attribute__((section(".init.text"))) NOINLINE int in_init_text(int x) { return x ? leaf(x) : 0; }
NOINLINE int tail(int x) { return leaf(x + 1); }
NOINLINE int many(int n) { return n ? many(n - 1) + tail(n) + in_init_text(n) : 0; }

int main(void) {
  printf("%d %d\n", steps, many(12));
  return 0;
}
