// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -mharden-sls=all puts int3 behind returns and indirect jumps, for a processor that runs on past them: the
// sled stands before the return, the int3 behind it.
// MATRIX: interplay-harden-sls
// CANNOT(clang-14): clang 14 has no -mharden-sls
// UNSUPPORTED: clang-14
// REQUIRES: x86 || aarch64
// RUN: %both %t %cc -O2 -mharden-sls=all %program
// RUN: %if x86_64 %{ %objdump -d --no-show-raw-insn --disassemble-symbols=leaf %t.nop.o | %check(TEXT) %}

// TEXT:      nopl (%rax,%rax)
// TEXT:      nopl (%rax,%rax)
// TEXT-NEXT: retq
// TEXT-NEXT: int3
