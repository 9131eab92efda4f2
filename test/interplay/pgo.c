// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Profile-guided optimisation: the instrumented program, then the one that was optimised by its profile, with
// cold parts in a section of their own; sleds are on in both.
// MATRIX: interplay-pgo
// RUN: rm -rf %t.dir && mkdir -p %t.dir && cd %t.dir
// RUN: rm -f %t.nop.gcda
// RUN: %both -f nop %t %cc -O2 %if clang %{-fprofile-generate=%t.dir%} %else %{-fprofile-generate%} %program
// RUN: %if clang %{ sh -c "%llvm-profdata merge -o profile %t.dir/*.profraw" %}
// RUN: %if gcc %{ cp %t.nop.gcda %t.use.nop.gcda && cp %t.nop.gcda %t.use.toggle.gcda %}
// RUN: %both %t.use %cc -O2 %if clang %{-fprofile-use=%t.dir/profile%} %else %{-fprofile-use%} %program
