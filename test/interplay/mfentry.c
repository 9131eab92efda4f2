// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -mfentry: gcc prints its call of __fentry__ before the first instruction, so before the sled; clang behind
// it. gcc's -minstrument-return puts its own between the sled and the return.
// MATRIX: interplay-mfentry
// REQUIRES: x86_64 || i386 || s390x
// RUN: mkdir -p %t.dir && cd %t.dir
// RUN: %both %t %cc -O2 -pg -mfentry %if i386 %{-fno-pie -no-pie%} %program
// RUN: %if x86_64 %{ %objdump -dr --no-show-raw-insn --disassemble-symbols=leaf %t.nop.o | %check(TEXT) %}
// RUN: %if gcc && x86_64 %{ %both %t.1 %cc -O2 -pg -mfentry -minstrument-return=nop5 -mrecord-return %program %}
// RUN: %if gcc && x86_64 %{ %both %t.2 %cc -O2 -pg -mfentry -minstrument-return=call -mnop-mcount -mrecord-mcount -fno-pie -no-pie %program %S/Inputs/thunks.s %}

// TEXT:           <leaf>:
// TEXT-GCC:       __fentry__
// TEXT-GCC:       nopl (%rax,%rax)
// TEXT-LLVM:      nopl (%rax,%rax)
// TEXT-LLVM:      __fentry__
// TEXT:           nopl (%rax,%rax)
// TEXT-NEXT:      retq
