// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Profile-guided optimisation: the instrumented program, then the one that was optimised by its profile, with
// cold parts in a section of their own; sleds are on in both.
// clang's library is here for x86 only: elsewhere counts are summed up, and the profile is the one of x86-64.
// clang 14 for RISC-V cannot write the profile's sections: "Unsupported relocation type", without the plugin as well.
// MATRIX: interplay-pgo
// CANNOT(clang-14+mips64el clang-14+mipsel): clang 14 for MIPS crashes with a profile, without the plugin as well: "Relocation for CG Profile could not be created"
// UNSUPPORTED: clang-14 && (mips64el || mipsel)
// RUN: rm -rf %t.dir && mkdir -p %t.dir && cd %t.dir
// RUN: rm -f %t.nop.gcda
// RUN: %if gcc || x86_64 %{ %both -f nop %t %cc -O2 %if clang %{-fprofile-generate=%t.dir%} %else %{-fprofile-generate%} %program %}
// RUN: %if clang && !x86_64 && runs %{ %bare_cc -O1 -DCOVERAGE -c %S/Inputs/stand_ins.c -o %t.in.o %}
// RUN: %if clang && !x86_64 && !(clang-14 && riscv64) %{ %both -f nop -c -fprofile-generate %t %cc -O2 %program %t.in.o %}
// RUN: %if clang && !x86_64 %{ sh -c "%native_cc -O2 -fprofile-generate=%t.dir %program -o %t.native && %t.native" %}
// RUN: %if clang %{ sh -c "%llvm-profdata merge -o profile %t.dir/*.profraw" %}
// RUN: %if gcc && runs %{ cp %t.nop.gcda %t.use.nop.gcda && cp %t.nop.gcda %t.use.toggle.gcda %}
// RUN: %both %t.use %cc -O2 %if clang %{-fprofile-use=%t.dir/profile%} %else %{-fprofile-use%} %program
