// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gprof: the call of mcount is behind the sled. Profiling writes gmon.out beside the program.
// clang calls the mcount that ARM's C library has unless it is told of the GNU ABI.
// MATRIX: interplay-pg
// RUN: mkdir -p %t.dir && cd %t.dir
// RUN: %both %t %cc -O2 -pg %if clang && arm %{-meabi gnu%} %program
// RUN: %if x86_64 %{ %both -f nop %t.0 %cc -O0 -pg %program %}
// RUN: %if runs %{ test -s gmon.out %}
