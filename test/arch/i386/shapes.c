// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub and exits of i386, whole, without a landing pad and with one; arch/i386/layout.h has the
// picture.
// MATRIX: defect-12
// MATRIX: defect-13
// MATRIX: defect-16
// MATRIX: exits
// RUN: %cc -O2 -fcf-protection=none -fomit-frame-pointer -c -o %t.o %s
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(NOP)
// RUN: %cc -O2 -fcf-protection=branch -fomit-frame-pointer -c -o %t.o %s
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(PAD)
// RUN: %cc -O2 -fcf-protection=branch -fomit-frame-pointer -fPIC -masm=intel -c -o %t.o %s %opt(flavour=toggle)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(TOGGLE)
// RUN: %cc -Os -fcf-protection=none -fomit-frame-pointer -c -o %t.o %s %opt(nops=9,4) %opt(align=32)
// RUN: %objdump -drj .text %t.o | %check(PREFIX)
// RUN: %sites %t.o | %check(SITES)
// RUN: %cc -O2 -fcf-protection=none -fomit-frame-pointer -fno-pie -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(EXITS)
// RUN: %readelf -rW %t.o | %check(RELOCATIONS)

int f(void) { return 1; }
int h(void);
int tail(void) { return h(); }
int through(int (**p)(void)) { return (*p)(); }

// NOP:      <f>:
// NOP-NEXT: 0f 1f 44 00 00 nopl (%eax,%eax)
// NOP-NEXT: b8 01 00 00 00 movl $0x1, %eax
// NOP-NEXT: c3 retl

// PAD:      <f>:
// PAD-NEXT: f3 0f 1e fb endbr32
// PAD-GCC-NEXT: 8d 74 26 00 leal (%esi,%eiz), %esi
// PAD-LLVM-COUNT-4: 90 nop
// PAD-NEXT: 0f 1f 44 00 00 nopl (%eax,%eax)
// PAD-NEXT: b8 01 00 00 00 movl $0x1, %eax

// TOGGLE:      <f>:
// TOGGLE-NEXT: f3 0f 1e fb endbr32
// TOGGLE-NEXT: 3d {{.*}} cmpl ${{.*}}, %eax
// TOGGLE-NEXT: b8 01 00 00 00 movl $0x1, %eax
// TOGGLE-NEXT: c3 retl
// TOGGLE:      <through>:
// TOGGLE:      50 pushl %eax
// TOGGLE-NEXT: e8 00 00 00 00 calll
// TOGGLE-NEXT: 58 popl %eax
// TOGGLE-NEXT: 05 02 00 00 00 addl $0x2, %eax
// TOGGLE-NEXT: R_386_PC32 .bss.luge_slots
// TOGGLE-NEXT: ff 20 jmpl *(%eax)
// TOGGLE-NEXT: f3 0f 1e fb endbr32
// TOGGLE-NEXT: e9 {{.*}} jmp {{.*}} <f+0x9>

// PREFIX:      1c: 90 nop
// PREFIX-NEXT: 1d: 90 nop
// PREFIX-NEXT: 1e: 90 nop
// PREFIX-NEXT: 1f: 90 nop
// PREFIX-EMPTY:
// PREFIX-NEXT: {{[02468ace]0}} <f>:
// PREFIX-NEXT: 0f 1f 44 00 00 nopl (%eax,%eax)
// PREFIX:      {{[02468ace]0}} <tail>:
// SITES:      f nop sled=+0 prefix=4 args=0 flags=- stub=yes
// SITES-NEXT: tail nop sled=+0 prefix=4 args=0
// SITES-NEXT: through nop sled=+0 prefix=4 args=1

// EXITS:      <f>:
// EXITS-NEXT: 3d {{.*}} cmpl
// EXITS-NEXT: b8 01 00 00 00 movl $0x1, %eax
// EXITS-NEXT: 3d {{.*}} cmpl
// EXITS-NEXT: c3 retl
// EXITS:      <tail>:
// EXITS-NEXT: 3d {{.*}} cmpl
// EXITS-NEXT: 3d {{.*}} cmpl
// EXITS-NEXT: e9 {{.*}} jmp
// EXITS:      <through>:
// EXITS-NEXT: 3d {{.*}} cmpl
// EXITS-NEXT: 8b 44 24 04 movl 0x4(%esp), %eax
// EXITS-NEXT: 3d {{.*}} cmpl
// EXITS-NEXT: ff 20 jmpl *(%eax)
// RELOCATIONS: Relocation section '.relluge_sites'
// RELOCATIONS-COUNT-18: R_386_PC32 {{.*}} .text
