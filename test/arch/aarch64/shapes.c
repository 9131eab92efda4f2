// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub and exits of aarch64 with every kind of branch protection; arch/aarch64/layout.h has the
// picture. A landing pad is always first, and the link register is unsigned in every sled.
// MATRIX: defect-12
// MATRIX: defect-13
// MATRIX: exits
// RUN: %cc -O2 -mbranch-protection=none -c -o %t.o %s
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(NOP)
// RUN: %cc -O2 -mbranch-protection=none -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(NONE)
// RUN: %readelf -rW %t.o | %check(RELOCATIONS)
// RUN: %cc -O2 -mbranch-protection=bti -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(BTI)
// RUN: %cc -O2 -mbranch-protection=pac-ret -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(PAC)
// RUN: %cc -O2 -mbranch-protection=standard -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(BOTH)
// RUN: %cc -Os -mbranch-protection=bti -c -o %t.o %s %opt(nops=4,2) %opt(align=8)
// RUN: %objdump -drj .text %t.o | %check(PREFIX)
// RUN: %sites %t.o | %check(SITES)

int leaf(int x) { return x + 1; }
int h(int);
int call(int x) { return h(x) + 1; }
int tail(int x) { return h(x + 1); }

// NOP:      <leaf>:
// NOP-NEXT: d503201f nop
// NOP-NEXT: d503201f nop
// NOP-NEXT: 11000400 add w0, w0, #0x1
// NOP-NEXT: d65f03c0 ret
// NOP:      <tail>:
// NOP:      .word 0x00000000
// NOP-NEXT: R_AARCH64_PREL32 .bss.luge_slots-0xc
// NOP-NEXT: d503245f bti c
// NOP-NEXT: b 0x4 <leaf+0x4>
// NOP-NEXT: 10000009 adr x9,
// NOP-NEXT: 98ffff8a ldrsw x10,
// NOP-NEXT: 8b0a0129 add x9, x9, x10
// NOP-NEXT: f940012a ldr x10, [x9]
// NOP-NEXT: d61f0140 br x10

// NONE:      <leaf>:
// NONE-NEXT: d503201f nop
// NONE-NEXT: 11000400 add w0, w0, #0x1
// NONE-NEXT: d503201f nop
// NONE-NEXT: d65f03c0 ret
// NONE:      <call>:
// NONE-NEXT: d503201f nop
// NONE-NEXT: a9bf7bfd stp x29, x30
// NONE:      a8c17bfd ldp x29, x30
// NONE-NOT:  ret
// NONE:      d503201f nop
// NONE-NEXT: d65f03c0 ret
// NONE:      <tail>:
// NONE-NEXT: d503201f nop
// NONE-NEXT: 11000400 add w0, w0, #0x1
// NONE-NEXT: d503201f nop
// NONE-NEXT: 14000000 b
// RELOCATIONS: Relocation section '.relaluge_sites'
// RELOCATIONS-COUNT-18: R_AARCH64_PREL32 {{.*}} .text + {{[0-9a-f]+}}

// BTI:      <leaf>:
// BTI-NEXT: d503245f bti c
// BTI-NEXT: d503201f nop
// BTI-NEXT: 11000400 add w0, w0, #0x1
// BTI-NEXT: d503201f nop
// BTI-NEXT: d65f03c0 ret
// BTI:      <call>:
// BTI-NEXT: d503245f bti c
// BTI-NEXT: d503201f nop
// BTI-NEXT: a9bf7bfd stp x29, x30

// PAC:      <leaf>:
// PAC-NEXT: d503201f nop
// PAC-NEXT: 11000400 add w0, w0, #0x1
// PAC:      <call>:
// PAC-NEXT: d503201f nop
// PAC-NEXT: d503233f paciasp
// PAC-NEXT: a9bf7bfd stp x29, x30
// PAC:      d50323bf autiasp
// PAC-NOT:  ret
// PAC:      d503201f nop
// PAC-NEXT: d65f03c0 ret

// BOTH:      <call>:
// BOTH-NEXT: d503245f bti c
// BOTH-NEXT: d503201f nop
// BOTH-NEXT: d503233f paciasp
// BOTH-NEXT: a9bf7bfd stp x29, x30
// BOTH:      d50323bf autiasp
// BOTH-NOT:  ret
// BOTH:      d503201f nop
// BOTH-NEXT: d65f03c0 ret

// At -Os functions are 4-aligned; with align=8 the prefix of two words is a place for a pointer.
// PREFIX:      {{[08]: (d503201f nop|1f 20 03 d5 .word 0xd503201f)}}
// PREFIX-NEXT: {{[4c]: (d503201f nop|1f 20 03 d5 .word 0xd503201f)}}
// PREFIX-EMPTY:
// PREFIX-NEXT: {{[08]}} <leaf>:
// PREFIX-NEXT: d503245f bti c
// PREFIX-NEXT: d503201f nop
// PREFIX-NEXT: d503201f nop
// PREFIX-NEXT: 11000400 add w0, w0, #0x1
// PREFIX:      {{[08]}} <call>:
// PREFIX:      {{[08]}} <tail>:
// SITES:      leaf nop sled=+4 prefix=2 args=0 flags=- stub=yes
// SITES-NEXT: call nop sled=+4 prefix=2
// SITES-NEXT: tail nop sled=+4 prefix=2
