// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Split stacks: the prologue calls __morestack, which comes back behind a return of one byte, and uses that
// return when the body has left. No sled may stand before it. The recursion needs several pieces of stack.
// qemu-i386 never ends such a program, with or without the plugin: where the kernel runs it, it does.
// MATRIX: interplay-split-stack
// CANNOT(clang): LLVM has split stacks for x86 only
// REQUIRES: x86 || (gcc && s390x)
// RUN: %if !i386 %{ %both %t %cc -O2 -fsplit-stack %s %}
// RUN: %if i386 && !ia32 %{ %both -n %t %cc -O2 -fsplit-stack %s %}
// RUN: %if ia32 %{ %environment env "TEST_RUN=%ia32" sh %S/Inputs/both.sh %t %cc -O2 -fsplit-stack %s %}
// RUN: %if x86_64 %{ %both -f nop %t.0 %cc -O0 -fsplit-stack %s %}
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
volatile int sink;
NOINLINE int leaf(int x) { return x + sink; }
NOINLINE int deep(int n) {
  char text[3000];
  memset(text, n, sizeof text);
  __asm__ volatile("" ::"r"(text) : "memory");
  return n ? deep(n - 1) + text[n] : leaf(text[0]);
}
NOINLINE int many(int a, int b, int c, int d, int e, int f, int g, int h) {
  char text[9000];
  memset(text, h, sizeof text);
  __asm__ volatile("" ::"r"(text) : "memory");
  return a + b + c + d + e + f + g + h + text[g] + deep(3);
}
NOINLINE double floats(double x, int n) { return n ? floats(x / 2, n - 1) + x : x; }
NOINLINE int tail(int x) { return deep(x + 1); }
NOINLINE int two(int x) { return tail(x) + leaf(x); }
static void *body(void *argument) {
  printf("%d %d %g\n", deep(30), many(1, 2, 3, 4, 5, 6, 7, 8), floats(5, 12));
  printf("%d %d\n", two(5), tail(3));
  return argument;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 32768);
  pthread_t thread;
  pthread_create(&thread, &attributes, body, 0);
  pthread_join(thread, 0);
  return 0;
}
