// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every level of optimisation, and options that change how functions leave.
// MATRIX: interplay-exits
// REQUIRES: x86_64
// RUN: %both -f nop %t.0 %cc -O0 %program
// RUN: %both -f toggle %t.1 %cc -O1 %program
// RUN: %both -f nop %t.2 %cc -O2 -masm=intel -g %program
// RUN: %both -f toggle %t.3 %cc -O3 -ffunction-sections -fPIC %program
// RUN: %both -f nop %t.s %cc -Os -fomit-frame-pointer %program
// RUN: %if !gcc-11 %{ %both -f toggle %t.z %cc -Oz -fno-pie -no-pie %program %}
