// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -mhotpatch: its NOPs stay directly behind the label, the sled follows in one aligned 8-byte word, and a
// prefix is refused where hotpatch wants that place.
// REQUIRES: gcc
// RUN: %cc -O2 -mhotpatch=2,4 -c -o %t.o %s
// RUN: %objdump -drj .text %t.o | %check(BOTH)
// RUN: %sites %t.o | %check(SITES)
// RUN: %cc -Os -mhotpatch=0,2 -c -o %t.o %s %opt(nops=7,2)
// RUN: %objdump -drj .text %t.o | %check(BEHIND)
// RUN: not %cc -O2 -mhotpatch=1,0 -c -o %t.o %s %opt(nops=7,2) 2>&1 | %check(ERROR)
int f(int x) { return x + 1; }
// BOTH:      07 00 nopr
// BOTH-NEXT: 07 00 nopr
// BOTH-EMPTY:
// BOTH-NEXT: <f>:
// BOTH-NEXT: 4: c0 04 00 00 00 00 brcl 0,
// BOTH-NEXT: a: 07 00 nopr
// BOTH-NEXT: c: 07 07 nopr
// BOTH-NEXT: e: 07 07 nopr
// BOTH-NEXT: 10: c0 04 00 00 00 00 brcl 0,
// BOTH-NEXT: 16: a7 2a 00 01 ahi %r2, 1
// SITES: f nop sled=+12 prefix=0
// BEHIND:      4: 07 00 nopr
// BEHIND-NEXT: 6: 07 00 nopr
// BEHIND-EMPTY:
// BEHIND-NEXT: <f>:
// BEHIND-NEXT: 8: 47 00 00 00 nop
// BEHIND-NEXT: c: 07 07 nopr
// BEHIND-NEXT: e: 07 07 nopr
// BEHIND-NEXT: 10: c0 04 00 00 00 00 brcl 0,
// BEHIND-NEXT: 47 00 00 00 nop
// BEHIND-NEXT: a7 2a 00 01 ahi %r2, 1
// ERROR: luge: {{.*}}f{{.*}}: the prefix of {{.*}}nops=N,M{{.*}} and {{.*}}hotpatch
