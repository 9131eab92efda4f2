// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Split stacks, with every sled switched on, in a thread whose recursion needs several pieces of stack: the
// prologue behind the sled calls __morestack, which enters the body and comes back to a return of its own.
// No sled may stand before that one: it would be left twice. Linked with bfd or lld: gold looks for the
// prologue at the entry and ends with an error where a function calls code without split stacks, with the
// NOPs of the stock compiler as well.
// MATRIX: interplay-split-stack
// CANNOT(clang): clang has no split stacks for PowerPC
// REQUIRES: gcc, runs
// RUN: %driver -o %t.driver.o
// DEFINE: %{options} =
// DEFINE: %{flags} =
// DEFINE: %{test} = env "LUGE_PLUGIN=%{options}" %cc -fsplit-stack %{flags} -c -o %t.o %s && %link -o %t %t.o %t.driver.o -rdynamic -lpthread -Wl,--wrap=pthread_create && %S/../Inputs/same.sh 0 %run %t
// REDEFINE: %{options} = flavour=toggle exits=on
// REDEFINE: %{flags} = -O2
// RUN: %{test}
// REDEFINE: %{flags} = -O0
// RUN: %{test}
// REDEFINE: %{options} = nops=4,2 exits=on
// REDEFINE: %{flags} = -Os
// RUN: %{test}
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
NOINLINE int deep(int n) {
  char text[3000];
  memset(text, n, sizeof text);
  __asm__ volatile("" ::"r"(text) : "memory");
  return n ? deep(n - 1) + text[n] : text[0];
}
NOINLINE long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  char text[9000];
  memset(text, (int)h, sizeof text);
  __asm__ volatile("" ::"r"(text) : "memory");
  return a + b + c + d + e + f + g + h + i + text[g] + deep(3);
}
NOINLINE double half(double x, int n) { return n ? half(x / 2, n - 1) + x : x; }
NOINLINE int tail(int x) { return deep(x + 1); }
NOINLINE int two(int x) { return tail(x) + tail(x + 1); }
NOINLINE static void *body(void *argument) {
  printf("%d %ld %g %d\n", deep(30), nine(1, 2, 3, 4, 5, 6, 7, 8, 9), half(5, 12), two(5));
  return argument;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 131072);
  pthread_t thread;
  pthread_create(&thread, &attributes, body, 0);
  pthread_join(thread, 0);
  return 0;
}
