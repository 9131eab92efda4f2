// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -fipa-ra lets a caller keep a value in a register that a callee is known to leave alone. That is off for a
// callee with a sled, and stays on for one without.
// MATRIX: interplay-ipa-ra defect-19
// REQUIRES: gcc
// RUN: %if x86_64 %{ %cc -O2 -fcf-protection=none -S -o - %s %opt(exclude=bare*) %opt(exits=on) | %clean | %check(TEXT) %}
// RUN: %both -o exclude=bare* %t %cc -O2 -fipa-ra %s
#include <stdio.h>

#define NOINLINE static __attribute__((noinline, noclone))
volatile int sink;
NOINLINE int bare(int x) { return x ^ 0x55; }
NOINLINE int sled(int x) { return x ^ 0x55; }
// TEXT:     {{^}}calls_bare:
// TEXT-NOT: push
// TEXT:     call bare
// TEXT-NOT: pop
// TEXT:     ret
__attribute__((noinline)) int calls_bare(int a, int b) { return bare(a) * b; }
// TEXT:     {{^}}calls_sled:
// TEXT:     {{pushq|subq|movq %r.*\(%rsp\)}}
// TEXT:     call sled
// TEXT:     ret
__attribute__((noinline)) int calls_sled(int a, int b) { return sled(a) * b; }
__attribute__((noinline)) int fifth(int x) { return sled(x) + 5; }
__attribute__((noinline)) int sixth(int x) { return fifth(x) + sled(x) + 5; }
__attribute__((noinline)) int other(int x) { return calls_sled(x, x + 1); }
__attribute__((noinline)) int third(int x) { return other(x) + calls_bare(x, x + 1); }
int fourth(int x) { return third(x + 1); }

int main(void) {
  for (int i = 0; i < 9; ++i)
    printf("%d %d %d\n", calls_bare(i, 7), calls_sled(i, 7), fourth(i) + sixth(i));
  return 0;
}
