// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each basic block in a section of its own: a sled stays with its exit, stub, slot and records stay with the
// function's first section. Every function has a table of its own, since a shared one would be lost with the
// function that it is linked to.
// MATRIX: interplay-bb-sections defect-2
// CANNOT(gcc): GCC has no sections of basic blocks
// CANNOT(clang-14+aarch64 clang-16+aarch64): clang 14 and 16 have sections of basic blocks for x86 only
// REQUIRES: clang && (x86_64 || aarch64)
// UNSUPPORTED: aarch64 && (clang-14 || clang-16)
// RUN: %if aarch64 %{ printf '!tail_if\n!!0\n!early\n!!0\n!two\n!!0\n!choose\n!!0\n' > %t.list %}
// RUN: %both %t %cc -O2 -fbasic-block-sections=%if aarch64 %{list=%t.list%} %else %{all%} %program
// RUN: %if aarch64 %{ %readelf -S %t.nop.o | grep -E 'text[.](split|unlikely)[.].*early' %}
// RUN: %if x86_64 %{ %check(SITES) < %t.nop.sites %}
// RUN: %if x86_64 %{ %both -f nop %t.1 %cc -O2 -fbasic-block-sections=all -ffunction-sections -Wl,--gc-sections %program %}
// SITES-DAG: two nop {{.*}} section=.text.two
// SITES-DAG: early nop {{.*}} section=.text.early kind=return
