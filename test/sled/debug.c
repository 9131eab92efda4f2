// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The debugger's and the unwinder's view: the line table has f's line at f's label, the FDE begins
// there too and so covers the sled, and the debug information is whole.
// MATRIX: defect-6
// RUN: %cc -O2 -g -fcf-protection=branch -c -o %t.o %s %opt(flavour=toggle)
// RUN: %dwarfdump --debug-line %t.o | %check(LINE)
// RUN: %dwarfdump --eh-frame %t.o | %check(FDE)
// RUN: %dwarfdump --debug-info %t.o | %check(INFO)
// RUN: %dwarfdump --verify %t.o
// RUN: %cc -O0 -g -fcf-protection=none -c -o %t.o %s %opt(nops=16,11)
// RUN: %dwarfdump --debug-line %t.o | %check(NOPS)
// RUN: %dwarfdump --verify %t.o

// LINE: 0x{{0+}} [[#@LINE+11]] {{.*}}is_stmt
// 11 bytes before the label are padded to 16, so that f stays aligned.
// NOPS: 0x{{0+10}} [[#@LINE+9]] {{.*}}is_stmt

// FDE:      FDE {{.*}} pc=0{{0+}}...{{0+}}[[#%x,END:]]
// FDE:      0x0: CFA=RSP+8: RIP=[CFA-8]

// INFO:      DW_TAG_subprogram
// INFO-DAG:  DW_AT_low_pc (0x{{0+}})
// INFO-DAG:  DW_AT_name ("f")

int f(int x) {
  return x + 1;
}
