// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -fipa-ra lets a caller keep values in call-clobbered registers that its callee is known to leave alone. A sled
// may change them: the caller of a function with a sled is what it is without -fipa-ra, and, on i386, without the
// misaligned calls of -fipa-stack-alignment. GCC 12 has -fipa-ra on some targets only, and changes this caller there.
// MATRIX: defect-19
// REQUIRES: gcc
// DEFINE: %{caller} = awk '/^(\.L\.)?caller:/ { on = 1 } /\.size.*caller/ { on = 0 } on'
// RUN: %bare_cc -O2 -fno-ipa-ra -fno-ipa-stack-alignment -S -o %t.s %s
// RUN: %{caller} %t.s > %t.without
// RUN: grep leaf %t.without
// RUN: %cc -O2 -fipa-ra -S -o %t.s %s %opt(flavour=nop) %opt(exclude=caller)
// RUN: %{caller} %t.s > %t.nop
// RUN: diff %t.without %t.nop
// RUN: %cc -O2 -fipa-ra -S -o %t.s %s %opt(flavour=toggle) %opt(exclude=caller)
// RUN: %{caller} %t.s > %t.toggle
// RUN: diff %t.without %t.toggle
// RUN: %cc -O2 -fipa-ra -S -o %t.s %s %opt(exclude=leaf) %opt(exclude=caller)
// RUN: %{caller} %t.s > %t.bare
// RUN: %if x86_64 || i386 || aarch64 || arm || mips64el || mipsel %{ not diff %t.without %t.bare %}

__attribute__((noinline, noclone, visibility("hidden"))) int leaf(int x) { return x ^ 0x55; }
int caller(int a, int b) {
  int c = a * b;
  return leaf(a) + c * leaf(b);
}
