// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gprof: the call of mcount is behind the sled. Profiling writes gmon.out beside the program.
// MATRIX: interplay-pg
// RUN: mkdir -p %t.dir && cd %t.dir
// RUN: %both %t %cc -O2 -pg %program
// RUN: %both -f nop %t.0 %cc -O0 -pg %program
// RUN: test -s gmon.out
