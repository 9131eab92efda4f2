// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// o32: as mips64el/shape.c but for the size of a pointer; behind .cpload, which must be first. The bytes of each kind of sled and of its stub: off, two words, the second of which stays in the delay slot; an
// exit's in front of the whole jump, whose delay slot is as it was (LLVM stops filling it at a sled).
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %objdump -dz --no-leading-addr --no-show-raw-insn %t.o | sed -e '/^<\.L/d' -e '/^$/d' -e 's/ *<.*+0x.*>//' | %check(NOP)
// RUN: %readelf -x luge_sites %t.o | %check(RECORD)
// RUN: env LUGE_PLUGIN=flavour=toggle %cc -O2 -c -o %t.o %s
// RUN: %objdump -dz --no-leading-addr --no-show-raw-insn %t.o | sed -e '/^<\.L/d' -e '/^$/d' -e 's/ *<.*+0x.*>//' | %check(TOGGLE)
// RUN: env LUGE_PLUGIN='nops=4,1 stub=no' %cc -O2 -c -o %t.o %s
// RUN: %objdump -dz --no-leading-addr --no-show-raw-insn %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(PREFIX)
// RUN: %readelf -x luge_sites %t.o | %check(PREFIXED)
// RUN: env LUGE_PLUGIN='flavour=toggle exits=on' %cc -O2 -c -o %t.o %s
// RUN: %objdump -dz --no-leading-addr --no-show-raw-insn %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(EXIT)
// RUN: env LUGE_PLUGIN=exits=on %cc -O2 -fno-pic -mno-abicalls -c -o %t.o %s
// RUN: %objdump -dz --no-leading-addr --no-show-raw-insn %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(STATIC)

// RUN: %cc -O2 -fPIC -DWITH_GP -c -o %t.o %s
// RUN: %objdump -dz --no-leading-addr --no-show-raw-insn %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(GP)

int variable;
#ifdef WITH_GP
int f(int x) { return x + variable; }
#else
int f(int x) { return x + 1; }
#endif

// GP:          <f>:
// GP-GCC-NEXT: lui $gp, 0x0
// GP-GCC-NEXT: addiu $gp, $gp, 0x0
// GP-GCC-NEXT: addu $gp, $gp, $25
// GP-LLVM-NEXT: lui $2, 0x0
// GP-LLVM-NEXT: addiu $2, $2, 0x0
// GP-NEXT:     nop
// GP-NEXT:     nop
// GP-NEXT:     nop
// GP:          jr $ra

// NOP:      <f>:
// NOP-NEXT: nop
// NOP-NEXT: nop
// NOP-NEXT: nop
// NOP-NEXT: jr $ra
// NOP-NEXT: addiu $2, $4, 0x1
// NOP-NEXT: {{nop|sd|<unknown>|lui}}
// NOP-NEXT: b 0x{{8$|8 }}
// NOP-NEXT: nop
// NOP-NEXT: move $12, $ra
// NOP-NEXT: bal 0x
// NOP-NEXT: nop
// NOP-NEXT: lw $13, -0x18($ra)
// NOP-NEXT: addu $13, $13, $ra
// NOP-NEXT: lw $14, 0x0($13)
// NOP-NEXT: jr $14
// NOP-NEXT: move $ra, $12

// No stack arguments, no flags.
// RECORD: 0x00000000 {{.*}} 00000000 {{[^0-9a-f]}}

// TOGGLE:      <f>:
// TOGGLE-NEXT: nop
// TOGGLE-NEXT: nop
// TOGGLE-NEXT: jr $ra
// TOGGLE-NEXT: addiu $2, $4, 0x1
// TOGGLE-NEXT: {{nop|sd|<unknown>|lui}}
// TOGGLE-NEXT: b 0x8

// One NOP before the label, which keeps its alignment; no stub.
// PREFIX:      nop
// PREFIX-NEXT: <f>:
// PREFIX-NEXT: nop
// PREFIX-NEXT: nop
// PREFIX-NEXT: nop
// PREFIX-NEXT: jr $ra
// PREFIX-NEXT: addiu $2, $4, 0x1
// PREFIX-NOT:  bal
// PREFIX:      Disassembly of section .text.luge_module_ctor
// PREFIXED: 00000100

// EXIT:           <f>:
// EXIT-NEXT:      nop
// EXIT-NEXT:      nop
// EXIT-LLVM-NEXT: addiu $2, $4, 0x1
// EXIT-NEXT:      nop
// EXIT-NEXT:      nop
// EXIT-NEXT:      jr $ra
// EXIT-GCC-NEXT:  addiu $2, $4, 0x1
// EXIT-LLVM-NEXT: nop
// EXIT-NEXT:      {{nop|sd|<unknown>|lui}}
// EXIT-NEXT:      b 0x8
// EXIT-NEXT:      nop
// EXIT-NEXT:      move $12, $ra

// STATIC:      <f>:
// STATIC-NEXT: nop
// STATIC-NEXT: nop
// STATIC-NEXT: nop
// STATIC:      nop
// STATIC-NEXT: nop
// STATIC-NEXT: jr $ra
