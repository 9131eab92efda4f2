// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub and exits of loongarch64, whole; arch/loongarch64/layout.h has the picture.
// MATRIX: defect-12
// MATRIX: defect-13
// MATRIX: defect-16
// MATRIX: exits
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %objdump -drj .text --no-leading-addr %t.o | sed -e "/^<.Lluge/d" -e "/^$/d" | %check(NOP)
// RUN: %cc -O2 -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | sed -e "/^<.Lluge/d" -e "/^$/d" | %check(EXITS)
// RUN: %cc -Os %if gcc %{ -Wa,-mno-relax %} -c -o %t.o %s %opt(nops=4,2) %opt(align=16)
// RUN: %objdump -drj .text %t.o | %check(PREFIX)

int f(int x) { return x + 1; }
int h(int);
int tail(int x) { return h(x + 1); }

// NOP:      <f>:
// NOP-NEXT: 00 00 40 03 nop
// NOP-NEXT: 00 00 40 03 nop
// NOP-NEXT: addi.w $a0, $a0, 1
// NOP-NEXT: ret
// NOP:      <tail>:
// NOP:      R_LARCH_{{32_PCREL|ADD32}} {{.*}}
// NOP:      0c 00 00 18 pcaddi $t0, 0
// NOP-NEXT: 8d e1 bf 28 ld.w $t1, $t0, -8
// NOP-NEXT: 8c b5 10 00 add.d $t0, $t0, $t1
// NOP-NEXT: 8d 01 c0 28 ld.d $t1, $t0, 0
// NOP-NEXT: a0 01 00 4c jr $t1

// EXITS:      <f>:
// EXITS-NEXT: 00 00 40 03 nop
// EXITS-NEXT: addi.w $a0, $a0, 1
// EXITS-NEXT: 00 00 40 03 nop
// EXITS-NEXT: ret
// EXITS:      <tail>:
// EXITS-NEXT: 00 00 40 03 nop
// EXITS-NEXT: addi.w $a0, $a0, 1
// EXITS-NEXT: 00 00 40 03 nop
// EXITS-NEXT: {{b|pcaddu18i}}

// PREFIX:      {{0+10}} <f>:
// PREFIX-NEXT: 00 00 40 03 nop
// PREFIX-NEXT: 00 00 40 03 nop
// PREFIX-NEXT: addi.w $a0, $a0, 1
