// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bytes of each kind of sled and of its stub. NOPs are of 4 bytes with and without the C extension, the
// sled is 4-aligned, also before an exit behind a 2-byte instruction.
// MATRIX: defect-12
// MATRIX: defect-18
// RUN: %cc -O2 -mno-relax -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(NOP)
// RUN: %readelf -x luge_sites %t.o | %check(RECORD)
// RUN: %cc -O2 -mno-relax -march=rv64g -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(WIDE)
// RUN: env LUGE_PLUGIN=flavour=toggle %cc -O2 -mno-relax -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(TOGGLE)
// RUN: env LUGE_PLUGIN='nops=4,1 stub=no' %cc -O2 -mno-relax -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(PREFIX)
// RUN: %readelf -x luge_sites %t.o | %check(PREFIXED)
// RUN: env LUGE_PLUGIN='flavour=toggle exits=on' %cc -O2 -mno-relax -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(EXIT)
// RUN: %cc -O2 -fasynchronous-unwind-tables -S -o - %s | %clean | %check(TEXT)

int f(int x) { return x + 1; }

// NOP:      <f>:
// NOP-NEXT: 00000013 nop
// NOP-NEXT: 00000013 nop
// NOP-NEXT: 2505 addiw a0, a0, 0x1
// NOP-NEXT: 8082 ret
// NOP-NEXT: 0000 unimp
// NOP-NEXT: 0000 unimp
// NOP-NEXT: 00000017 {{auipc zero,|lpad}} 0x0
// NOP-NEXT: j
// NOP-NEXT: 00000297 auipc t0, 0x0
// NOP-NEXT: ff42ae03 lw t3, -0xc(t0)
// NOP-NEXT: 01c282b3 add t0, t0, t3
// NOP-NEXT: 0002be03 ld t3, 0x0(t0)
// NOP-NEXT: 000e0067 jr t3

// RECORD: 0x00000000 00000000 00000000 00000000 00000000

// WIDE:      <f>:
// WIDE-NEXT: 00000013 nop
// WIDE-NEXT: 00000013 nop
// WIDE-NEXT: 0015051b addiw a0, a0, 0x1
// WIDE-NEXT: 00008067 ret
// WIDE-NEXT: 0000
// WIDE-NEXT: 0000
// WIDE-NEXT: 00000017 {{auipc zero,|lpad}} 0x0
// WIDE-NEXT: j
// WIDE-NEXT: 00000297 auipc t0, 0x0

// TOGGLE:      <f>:
// TOGGLE-NEXT: 00000013 nop
// TOGGLE-NEXT: 2505 addiw a0, a0, 0x1
// TOGGLE-NEXT: 8082 ret
// TOGGLE-NEXT: 0000 unimp
// TOGGLE-NEXT: 0000 unimp
// TOGGLE-NEXT: 00000017

// One NOP before the label, which keeps its alignment; no stub.
// PREFIX:      00000013 nop
// PREFIX-NEXT: <f>:
// PREFIX-NEXT: 00000013 nop
// PREFIX-NEXT: 00000013 nop
// PREFIX-NEXT: 00000013 nop
// PREFIX-NEXT: 2505 addiw a0, a0, 0x1
// PREFIX-NEXT: 8082 ret
// PREFIX-NEXT: Disassembly of section .text.luge_module_ctor
// PREFIXED: 0x00000000 00000000 00000000 00000000 00000100

// EXIT:      <f>:
// EXIT-NEXT: 00000013 nop
// EXIT-NEXT: 2505 addiw a0, a0, 0x1
// EXIT-NEXT: 0001 nop
// EXIT-NEXT: 00000013 nop
// EXIT-NEXT: 8082 ret
// EXIT-NEXT: 0001 nop
// EXIT-NEXT: 0000 unimp
// EXIT-NEXT: 0000 unimp
// EXIT-NEXT: 00000017 {{auipc zero,|lpad}} 0x0
// EXIT-NEXT: j
// EXIT-NEXT: 00000297 auipc t0, 0x0
// EXIT-NEXT: ff42ae03 lw t3, -0xc(t0)
// EXIT-NEXT: 01c282b3 add t0, t0, t3
// EXIT-NEXT: 0002be03 ld t3, 0x0(t0)
// EXIT-NEXT: 000e0067 jr t3
// EXIT-NEXT: 0000 unimp
// EXIT-NEXT: 0000 unimp
// EXIT-NEXT: 00000017 {{auipc zero,|lpad}} 0x0

// TEXT:           {{^}}f:
// TEXT-GCC-NEXT:  .Lluge_f[[#ID:]]:
// TEXT-GCC-NEXT:  .LFB0:
// TEXT-NEXT:      .cfi_startproc
// TEXT-LLVM:      .Lluge_f[[#ID:]]:
// TEXT:           .Lluge_s[[#ID]]:
// TEXT-NEXT:      .option push
// TEXT-NEXT:      .option norvc
// TEXT-NEXT:      .option norelax
// TEXT-NEXT:      nop
// TEXT-NEXT:      nop
// TEXT-NEXT:      .option pop
