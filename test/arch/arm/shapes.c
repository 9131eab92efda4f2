// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub and exits in ARM and in Thumb-2 code, whole; arch/arm/layout.h has the picture. LLVM 14 and 16
// put the mark of data ($d) behind a prefix that a section begins with: its disassembly is not looked at.
// MATRIX: defect-12
// MATRIX: defect-13
// MATRIX: defect-16
// MATRIX: exits
// RUN: %cc -O2 -marm -c -o %t.o %s
// RUN: %objdump -drj .text --no-leading-addr %t.o | sed -e "/^<.Lluge/d" -e "/^$/d" | %check(ARM)
// RUN: %cc -O2 -mthumb -c -o %t.o %s
// RUN: %objdump -drj .text --no-leading-addr %t.o | sed -e "/^<.Lluge/d" -e "/^$/d" | %check(THUMB)
// RUN: %cc -O2 -marm -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | sed -e "/^<.Lluge/d" -e "/^$/d" | %check(ARM-EXITS)
// RUN: %cc -O2 -mthumb -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | sed -e "/^<.Lluge/d" -e "/^$/d" | %check(THUMB-EXITS)
// RUN: %readelf -x luge_sites %t.o | %check(RECORDS)
// RUN: %cc -Os -marm -c -o %t.o %s %opt(nops=4,2) %opt(align=16)
// RUN: %if !clang-14 && !clang-16 %{ %objdump -drj .text %t.o | %check(ARM-PREFIX) %}
// RUN: %cc -Os -mthumb -c -o %t.o %s %opt(nops=4,2) %opt(align=16)
// RUN: %if !clang-14 && !clang-16 %{ %objdump -drj .text %t.o | %check(THUMB-PREFIX) %}

int f(int x) { return x + 1; }
int h(int);
int tail(int x) { return h(x + 1); }
int g(int x) { return h(x) + 1; }

// ARM:      <f>:
// ARM-NEXT: e320f000 nop
// ARM-NEXT: e320f000 nop
// ARM-NEXT: e2800001 add r0, r0, #1
// ARM-NEXT: e12fff1e bx lr
// ARM-NEXT: 10: e8 ff ff ff .word
// ARM-NEXT: R_ARM_REL32 {{[.]bss.luge_slots|[.]Lluge_r}}
// ARM-NEXT: eafffffa b 0x4 <f+0x4>
// ARM-NEXT: e92d5000 push {r12, lr}
// ARM-NEXT: e51fc014 ldr r12, [pc, #-0x14]
// ARM-NEXT: e08fc00c add r12, pc, r12
// ARM-NEXT: e59cf000 ldr pc, [r12]
// ARM-NEXT: <tail>:

// The stub at 0x1c, 4 modulo 8.
// THUMB:      <f>:
// THUMB-NEXT: f3af 8000 nop.w
// THUMB-NEXT: f3af 8000 nop.w
// THUMB-NEXT: 3001 adds r0, #0x1
// THUMB-NEXT: 4770 bx lr
// THUMB:      10: 00 00 00 00 .word
// THUMB-NEXT: 14: e8 ff ff ff .word
// THUMB-NEXT: R_ARM_REL32 {{[.]bss.luge_slots|[.]Lluge_r}}
// THUMB-NEXT: f7ff bff4 b.w 0x4 <f+0x4>
// THUMB-NEXT: e92d 5000 push.w {r12, lr}
// THUMB-NEXT: f85f c010 ldr.w r12, [pc, #-0x10]
// THUMB-NEXT: f3af 8000 nop.w
// THUMB-NEXT: 44fc add r12, pc
// THUMB-NEXT: f8dc f000 ldr.w pc, [r12]
// THUMB:      <tail>:
// THUMB-NEXT: f3af 8000 nop.w

// ARM-EXITS:      <f>:
// ARM-EXITS-NEXT: e320f000 nop
// ARM-EXITS-NEXT: e2800001 add r0, r0, #1
// ARM-EXITS-NEXT: e320f000 nop
// ARM-EXITS-NEXT: e12fff1e bx lr
// ARM-EXITS:      <tail>:
// ARM-EXITS-NEXT: e320f000 nop
// ARM-EXITS-NEXT: e2800001 add r0, r0, #1
// ARM-EXITS-NEXT: e320f000 nop
// ARM-EXITS-NEXT: eafffffe b
// ARM-EXITS:      <g>:
// ARM-EXITS-NEXT: e320f000 nop
// ARM-EXITS-NEXT: e92d{{.*}} push {{.*}}, lr}
// ARM-EXITS:      e2800001 add r0, r0, #1
// ARM-EXITS-NEXT: e320f000 nop
// ARM-EXITS-NEXT: e8bd{{.*}} pop {{.*}}, pc}

// THUMB-EXITS:      <f>:
// THUMB-EXITS-NEXT: f3af 8000 nop.w
// THUMB-EXITS-NEXT: 3001 adds r0, #0x1
// THUMB-EXITS-NEXT: bf00 nop
// THUMB-EXITS-NEXT: f3af 8000 nop.w
// THUMB-EXITS-NEXT: 4770 bx lr
// THUMB-EXITS:      <g>:
// THUMB-EXITS-NEXT: f3af 8000 nop.w
// THUMB-EXITS-NEXT: b5{{.*}} push {{.*}}, lr}
// THUMB-EXITS:      3001 adds r0, #0x1
// THUMB-EXITS-NEXT: f3af 8000 nop.w
// THUMB-EXITS-NEXT: bd{{.*}} pop {{.*}}, pc}

// Kind and flags: an entry, a return; those of g last, where the return pops the frame: 0x40.
// RECORDS:      0x00000000 {{.*}}00010000
// RECORDS-NEXT: 0x00000010 {{.*}}01010000
// RECORDS-NEXT: 0x00000020 {{.*}}00010000
// RECORDS-NEXT: 0x00000030 {{.*}}02010000
// RECORDS-NEXT: 0x00000040 {{.*}}00010000
// RECORDS-NEXT: 0x00000050 {{.*}}01410000

// The prefix of the second function, filled up to 16 bytes.
// ARM-PREFIX:      {{0+10}} <f>:
// ARM-PREFIX-NEXT: 10: e320f000 nop
// ARM-PREFIX-NEXT: 14: e320f000 nop
// ARM-PREFIX-NEXT: 18: e2800001 add r0, r0, #1
// ARM-PREFIX:      8: 00 f0 20 e3 .word
// ARM-PREFIX-NEXT: c: 00 f0 20 e3 .word
// ARM-PREFIX-EMPTY:
// ARM-PREFIX-NEXT: 0 <tail>:
// ARM-PREFIX-NEXT: 0: e320f000 nop

// THUMB-PREFIX:      {{0+10}} <f>:
// THUMB-PREFIX-NEXT: 10: f3af 8000 nop.w
// THUMB-PREFIX-NEXT: 14: f3af 8000 nop.w
// THUMB-PREFIX-NEXT: 18: 3001 adds r0, #0x1
// THUMB-PREFIX:      8: 00 f0 20 e3 .word
// THUMB-PREFIX-NEXT: c: 00 f0 20 e3 .word
// THUMB-PREFIX-EMPTY:
// THUMB-PREFIX-NEXT: 0 <tail>:
// THUMB-PREFIX-NEXT: 0: f3af 8000 nop.w
