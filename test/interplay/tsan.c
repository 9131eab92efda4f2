// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ThreadSanitizer: __tsan_func_entry behind the entry's sled, __tsan_func_exit before that of the exit. Its
// library does not start under qemu-user, which lays out memory in its own way: functions stand in for it.
// MATRIX: interplay-tsan
// CANNOT(clang-14+riscv64 clang-16+riscv64): clang 14 and 16 have no ThreadSanitizer for RISC-V: "unsupported option '-fsanitize=thread'"
// UNSUPPORTED: i386, arm, mipsel
// UNSUPPORTED: riscv64 && (clang-14 || clang-16)
// RUN: %if x86_64 %{ %both %t %cc -O1 -fsanitize=thread %program %}
// RUN: %if !x86_64 && runs %{ %bare_cc -O1 -DTSAN -c %S/Inputs/stand_ins.c -o %t.in.o %}
// RUN: %if !x86_64 %{ %both -c -fsanitize=thread %t %cc -O2 %program %t.in.o %}
