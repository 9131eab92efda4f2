// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: clang
// A call that must stay a tail call stays one.
// RUN: %cxx -O0 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites %t.o | %check
// RUN: %objdump -dr --no-show-raw-insn %t.o | %check(TEXT)
int next(int);
int jumps(int x) { [[clang::musttail]] return next(x + 1); }
// ALL: _Z5jumpsi toggle
// TEXT: <_Z5jumpsi>:
// TEXT: jmp
// TEXT-NEXT: R_X86_64_PLT32 _Z4nexti
