// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Zicfilp: lpad is the first instruction, 4-aligned also behind an odd number of 2-byte instructions and
// with NOPs before the label; the sled stands behind it and the record points at the sled.
// MATRIX: defect-3
// CANNOT(clang-14 clang-16): clang 14 and 16 do not know Zicfilp 1.0
// CANNOT(clang-19): clang 19 knows Zicfilp but has no -fcf-protection for RISC-V
// CANNOT(gcc-11 gcc-12 gcc-13 gcc-14): GCC 11 to 14 have neither Zicfilp nor -fcf-protection for RISC-V
// REQUIRES: clang-22 || gcc-15 || gcc-16
// DEFINE: %{compile} = %cc -O2 %if clang %{ -mno-relax -menable-experimental-extensions -march=rv64gc_zicfilp1p0 %} %else %{ -Wa,-mno-relax -march=rv64gc_zicfilp %} -fcf-protection=branch -c -o %t.o
// RUN: %{compile} %s
// RUN: %objdump -d --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(PAD)
// RUN: %readelf -rW %t.o | %check(RECORD)
// RUN: env LUGE_PLUGIN='nops=4,1' %{compile} %s
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
// RECORD: R_RISCV_ADD32 [[#%.16x,SLED:]] .Lluge_s1 + 0
// RECORD: R_RISCV_ADD32 [[#%.16x,SLED-4]] .Lluge_f1 + 0

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
