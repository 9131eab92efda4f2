// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -fipa-ra lets a caller keep values in registers that a local callee is known not to touch. A sled
// may touch them: the values must survive in callee-saved registers or on the stack.
// MATRIX: defect-19 interplay-ipa-ra
// REQUIRES: gcc
// RUN: %cc -O2 -fcf-protection=none -S -o - %s %opt(flavour=toggle) | %clean | %check(TEXT)

static __attribute__((noinline)) int leaf(int x) { return x ^ 0x55; }
// TEXT: {{^}}caller:
// TEXT: {{pushq|subq|movq %r.*\(%rsp\)}}
// TEXT: call leaf
// TEXT-NOT: %{{e|r}}{{si|dx|cx}}
// TEXT: ret
int caller(int a, int b) { return leaf(a) * b; }
