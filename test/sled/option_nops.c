// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nops=N,M over the whole file: place of the NOPs, alignment of the function with M > 0, one
// aligned word for the patch unit, with and without a landing pad in front.
// MATRIX: defect-12 defect-13 defect-18
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s %opt(nops=16,11)
// RUN: %sites %t.o | %check(A)
// RUN: %objdump -d %t.o | %check(A-TEXT)
// RUN: %cc -O2 -fcf-protection=branch -c -o %t.o %s %opt(nops=16,11)
// RUN: %sites %t.o | %check(B)
// RUN: %objdump -d %t.o | %check(B-TEXT)
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s %opt(nops=3)
// RUN: %sites %t.o | %check(C)
// RUN: %objdump -d %t.o | %check(C-TEXT)
// RUN: %cc -O2 -fcf-protection=branch -c -o %t.o %s %opt(nops=8,8)
// RUN: %sites %t.o | %check(D)
// RUN: %cc -O2 -fcf-protection=branch -c -o %t.o %s %opt(nops=0)
// RUN: %readelf -S %t.o | %check(E)
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s %opt(nops=21)
// RUN: %sites %t.o | %check(F)
// RUN: %objdump -d %t.o | %check(F-TEXT)

int f(void) { return 1; }
int g(void) { return 2; }

// A:      f nop sled=+0 prefix=11 {{.*}}stub=yes
// A-NEXT: g nop sled=+0 prefix=11 {{.*}}stub=yes{{.*}}
// A-NOT:  {{.}}
// The prefix is one-byte NOPs up to the label; f itself stays 16-aligned.
// A-TEXT:      <f>:
// A-TEXT-NEXT: {{^ *[0-9a-f]*0:}} 0f 1f 44 00 00
// A-TEXT:      <g>:
// A-TEXT-NEXT: {{^ *[0-9a-f]*0:}} 0f 1f 44 00 00

// B:      f nop sled=+8 prefix=11 {{.*}}stub=yes
// B-NEXT: g nop sled=+8 prefix=11 {{.*}}stub=yes
// B-TEXT:      <f>:
// B-TEXT-NEXT: {{^ *[0-9a-f]*0:}} f3 0f 1e fa
// B-TEXT-NEXT: {{^ *[0-9a-f]*4:}} 0f 1f 40 00
// B-TEXT-NEXT: {{^ *[0-9a-f]*8:}} 0f 1f 44 00 00

// C:      f nop sled=+0 prefix=0 {{.*}}stub=no
// C-TEXT:      <f>:
// C-TEXT-NEXT: 0f 1f 00

// D:      f nop sled=+4 prefix=8 {{.*}}stub=no
// No NOPs are no sled, and no record.
// E:     .text
// E-NOT: luge_sites
// E-NOT: init_array

// F:      f nop sled=+0 prefix=0 {{.*}}stub=yes
// F-TEXT:      <f>:
// F-TEXT-NEXT: 0: 0f 1f 44 00 00
// F-TEXT-NEXT: 5: 66 0f 1f 84 00 00 00 00 00
// F-TEXT-NEXT: e: 0f 1f 80 00 00 00 00
