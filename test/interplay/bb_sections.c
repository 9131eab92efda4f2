// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each basic block in a section of its own: a sled stays with its exit, stub, slot and records stay with the
// function's first section. Every function has a table of its own, since a shared one would be lost with the
// function that it is linked to.
// MATRIX: interplay-bb-sections defect-2
// CANNOT(gcc): GCC has no sections of basic blocks
// REQUIRES: clang
// RUN: %both %t %cc -O2 -fbasic-block-sections=all %program
// RUN: %check(SITES) < %t.nop.sites
// RUN: %both -f nop %t.1 %cc -O2 -fbasic-block-sections=all -ffunction-sections -Wl,--gc-sections %program
// SITES-DAG: two nop {{.*}} section=.text.two
// SITES-DAG: early nop {{.*}} section=.text.early kind=return
