// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub and exits of s390x, whole; arch/s390x/layout.h has the picture. No landing pads exist.
// MATRIX: defect-12
// MATRIX: defect-13
// MATRIX: defect-16
// MATRIX: exits
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(NOP)
// RUN: %cc -O2 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(TOGGLE)
// RUN: %cc -Os -c -o %t.o %s %opt(nops=9,2) %opt(align=16)
// RUN: %objdump -drj .text %t.o | %check(PREFIX)
// RUN: %sites %t.o | %check(SITES)
// RUN: %cc -O2 -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(EXITS)
// RUN: %readelf -rW %t.o | %check(RELOCATIONS)

int f(int x) { return x + 1; }
int h(int);
int tail(int x) { return h(x + 1); }
int through(int (*p)(int), int x) { return p(x); }

// NOP:      <f>:
// NOP-NEXT: c0 04 00 00 00 00 brcl 0,
// NOP-NEXT: a7 2a 00 01 ahi %r2, 1
// NOP-NEXT: b9 14 00 22 lgfr %r2, %r2
// NOP-NEXT: 07 fe br %r14

// TOGGLE:      <f>:
// TOGGLE-NEXT: c0 04 00 00 00 {{[0-9a-f]+}} brcl 0, 0x[[#%x,STUB:]]
// TOGGLE-NEXT: a7 2a 00 01 ahi %r2, 1
// TOGGLE-NEXT: b9 14 00 22 lgfr %r2, %r2
// TOGGLE-NEXT: 07 fe br %r14
// TOGGLE:      <through>:
// TOGGLE:      07 f1 br %r1
// TOGGLE:      eb e1 f0 60 00 24 stmg %r14, %r1, 96(%r15)
// TOGGLE-NEXT: c0 e0 00 00 00 00 larl %r14, 0x[[#STUB+6]]
// TOGGLE-NEXT: R_390_PC32DBL .bss.luge_slots+0x2
// TOGGLE-NEXT: e3 10 e0 00 00 04 lg %r1, 0(%r14)
// TOGGLE-NEXT: 07 f1 br %r1
// TOGGLE-NEXT: e3 10 f0 78 00 04 lg %r1, 120(%r15)
// TOGGLE-NEXT: c0 f4 {{.*}} jg 0x6{{$}}

// The function at a multiple of 16, the prefix of two halfwords directly before it.
// PREFIX:      c: 07 00 nopr
// PREFIX-NEXT: e: 07 00 nopr
// PREFIX-EMPTY:
// PREFIX-NEXT: {{0+[0-9a-f]*0}} <f>:
// PREFIX-NEXT: c0 04 00 00 00 00 brcl 0,
// PREFIX-NEXT: c0 04 00 00 00 00 brcl 0,
// PREFIX-NEXT: 07 00 nopr
// PREFIX-NEXT: a7 2a 00 01 ahi %r2, 1
// PREFIX:      {{0+[0-9a-f]*0}} <tail>:
// PREFIX:      {{0+[0-9a-f]*0}} <through>:
// SITES:      f nop sled=+0 prefix=2 args=0 flags=- stub=yes
// SITES-NEXT: tail nop sled=+0 prefix=2
// SITES-NEXT: through nop sled=+0 prefix=2

// EXITS:      <f>:
// EXITS-NEXT: c0 04 {{.*}} brcl 0,
// EXITS-NEXT: a7 2a 00 01 ahi %r2, 1
// EXITS-NEXT: b9 14 00 22 lgfr %r2, %r2
// EXITS-NEXT: c0 04 {{.*}} brcl 0,
// EXITS-NEXT: 07 fe br %r14
// EXITS:      <tail>:
// EXITS-NEXT: c0 04 {{.*}} brcl 0,
// EXITS-NEXT: a7 2a 00 01 ahi %r2, 1
// EXITS-NEXT: b9 14 00 22 lgfr %r2, %r2
// EXITS-NEXT: c0 04 {{.*}} brcl 0,
// EXITS-NEXT: c0 f4 00 00 00 00 jg
// EXITS-NEXT: R_390_PLT32DBL h+0x2
// The target is in r1, which the stub keeps at 120(%r15).
// EXITS:      <through>:
// EXITS-NEXT: c0 04 {{.*}} brcl 0,
// EXITS-NEXT: b9 04 00 12 lgr %r1, %r2
// EXITS-NEXT: b9 04 00 23 lgr %r2, %r3
// EXITS-NEXT: c0 04 {{.*}} brcl 0,
// EXITS-NEXT: 07 f1 br %r1
// RELOCATIONS: Relocation section '.relaluge_sites'
// RELOCATIONS-COUNT-18: R_390_PC32 {{.*}} .text + {{[0-9a-f]+}}
