// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A call that must stay a tail call stays one.
// MATRIX: interplay-musttail
// CANNOT(gcc-11 gcc-12 gcc-13 gcc-14): GCC has musttail since 15
// REQUIRES: clang || gcc-15 || gcc-16
// RUN: %cxx -O0 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites %t.o | %check
// RUN: %objdump -dr --no-show-raw-insn %t.o | %check(TEXT)
int next(int);
int jumps(int x) { [[clang::musttail]] return next(x + 1); }
// ALL: _Z5jumpsi toggle
// TEXT: <_Z5jumpsi>:
// TEXT: jmp
// TEXT-NEXT: R_X86_64_PLT32 _Z4nexti
