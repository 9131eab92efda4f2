// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Zicfilp: lpad is the first instruction, 4-aligned also behind an odd number of 2-byte instructions and
// with NOPs before the label; the sled stands behind it and the record points at the sled. GCC has lpad
// since 15.
// MATRIX: defect-3
// REQUIRES: clang-22
// RUN: %cc -O2 -mno-relax -menable-experimental-extensions -march=rv64gc_zicfilp1p0 -fcf-protection=branch -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(PAD)
// RUN: %readelf -rW %t.o | %check(RECORD)
// RUN: env LUGE_PLUGIN='nops=4,1' %cc -O2 -mno-relax -menable-experimental-extensions -march=rv64gc_zicfilp1p0 -fcf-protection=branch -c -o %t.o %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(PREFIX)
// RUN: %nm %t.o | %check(ALIGNED)

int before(int x) { return x; }
int f(int x) { return x + 1; }

// PAD:      <f>:
// PAD-NEXT: 00000017 lpad 0x0
// PAD-NEXT: 00000013 nop
// PAD-NEXT: 00000013 nop
// PAD-NEXT: 2505 addiw a0, a0, 0x1
// PAD-NEXT: 8082 ret
// PAD-NEXT: 0000 unimp
// PAD-NEXT: 0000 unimp
// PAD-NEXT: 00000017 lpad 0x0
// PAD-NEXT: j
// PAD-NEXT: 00000297 auipc t0, 0x0

// The sled is 4 behind the function.
// RECORD: '.relaluge_sites'
// RECORD: R_RISCV_ADD32 00000000000000[[#%x,SLED:]] .Lluge_s1 + 0
// RECORD: R_RISCV_ADD32 00000000000000[[#%x,SLED-4]] .Lluge_f1 + 0

// PREFIX:      jr t3
// PREFIX-NEXT: 00000013 nop
// PREFIX-NEXT: <f>:
// PREFIX-NEXT: 00000017 lpad 0x0
// PREFIX-NEXT: 00000013 nop
// PREFIX-NEXT: 00000013 nop
// PREFIX-NEXT: 00000013 nop
// PREFIX-NEXT: 2505 addiw a0, a0, 0x1
// ALIGNED-DAG: {{[048c]}} T f
// ALIGNED-DAG: {{[048c]}} T before
