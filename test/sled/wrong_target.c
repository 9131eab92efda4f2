// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A target that has no folder of arch/ is refused: never an object without sleds. -m32 is another target of
// the same compiler, and has sleds.
// RUN: rm -f %t.o
// RUN: %if clang %{ not %cc --target=sparcv9-linux-gnu -c -o %t.o %s 2>&1 | %check(SPARC) %}
// RUN: not %cc -mx32 -c -o %t.o %s 2>&1 | %check(X32)
// RUN: not ls %t.o
// RUN: %cc -m32 -O2 -fcf-protection=none -c -o %t.o %s %opt(flavour=toggle)
// RUN: %objdump -dr --no-leading-addr %t.o | %check(M32)

// SPARC: luge: {{.*}}sparc
// X32: luge: {{.*}}{{-mx32|x32}}
// M32:      <f>:
// M32-NEXT: 3d 06 00 00 00 cmpl $0x6, %eax
// M32-NEXT: b8 01 00 00 00 movl $0x1, %eax
// M32-NEXT: c3 retl
// M32-NEXT: 50 pushl %eax
// M32-NEXT: e8 00 00 00 00 calll
int f(void) { return 1; }
