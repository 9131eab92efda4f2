// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Coverage: counters of gcov, and clang's own of -fprofile-instr-generate. Their constructors, which the
// compiler makes up, have no sleds; the counts are those of the program without sleds.
// MATRIX: interplay-coverage
// RUN: mkdir -p %t.dir && cd %t.dir && rm -f *.gcda *.profraw
// RUN: %both %t %cc -O1 --coverage %program
// RUN: ls %t.nop.gcda %t.toggle.gcda
// RUN: %if clang %{ env LLVM_PROFILE_FILE=%t.dir/a.profraw sh %S/Inputs/both.sh -f nop %t.1 %cc -O2 -fprofile-instr-generate -fcoverage-mapping %program %}
// RUN: %if clang %{ test -s a.profraw %}
// RUN: not grep -E '_sub_I|__llvm' %t.nop.sites
