// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -mfentry: gcc prints its call of __fentry__ before the first instruction, so before the sled; clang behind
// it. gcc's -minstrument-return puts its own between the sled and the return.
// MATRIX: interplay-mfentry
// RUN: mkdir -p %t.dir && cd %t.dir
// RUN: %both %t %cc -O2 -pg -mfentry %program
// RUN: %objdump -dr --no-show-raw-insn --disassemble-symbols=leaf %t.nop.o | %check(TEXT)
// RUN: %if gcc %{ %both %t.1 %cc -O2 -pg -mfentry -minstrument-return=nop5 -mrecord-return %program %}
// RUN: %if gcc %{ %both %t.2 %cc -O2 -pg -mfentry -minstrument-return=call -mnop-mcount -mrecord-mcount -fno-pie -no-pie %program %S/Inputs/thunks.s %}

// TEXT:           <leaf>:
// TEXT-GCC:       __fentry__
// TEXT-GCC:       nopl (%rax,%rax)
// TEXT-LLVM:      nopl (%rax,%rax)
// TEXT-LLVM:      __fentry__
// TEXT:           nopl (%rax,%rax)
// TEXT-NEXT:      retq
