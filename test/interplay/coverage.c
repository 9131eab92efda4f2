// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Coverage: counters of gcov, and clang's own of -fprofile-instr-generate. Their constructors, which the
// compiler makes up, have no sleds; the counts are those of the program without sleds.
// clang's library is here for x86 only: elsewhere functions stand in for it, which sum up the counters.
// clang 14 for RISC-V cannot write the profile's sections: "Unsupported relocation type", without the plugin as well.
// MATRIX: interplay-coverage
// RUN: mkdir -p %t.dir && cd %t.dir && rm -f *.gcda *.profraw
// RUN: %if gcc || x86_64 %{ %both %t %cc -O1 --coverage %program %}
// RUN: %if (gcc || x86_64) && runs %{ ls %t.nop.gcda %t.toggle.gcda %}
// RUN: %if clang && x86_64 %{ env LLVM_PROFILE_FILE=%t.dir/a.profraw %both -f nop %t.1 %cc -O2 -fprofile-instr-generate -fcoverage-mapping %program %}
// RUN: %if clang && x86_64 %{ test -s a.profraw %}
// RUN: %if clang && !x86_64 && runs %{ %bare_cc -O1 -DCOVERAGE -c %S/Inputs/stand_ins.c -o %t.in.o %}
// RUN: %if clang && !x86_64 %{ %both -f toggle -c --coverage %t %cc -O1 %program %t.in.o %}
// RUN: %if clang && !x86_64 && !(clang-14 && riscv64) %{ %both -f nop -c "-fprofile-instr-generate -fcoverage-mapping" %t %cc -O2 %program %t.in.o %}
// RUN: not grep -E '_sub_I|__llvm' %t.nop.sites
