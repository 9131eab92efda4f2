// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AddressSanitizer: its red zones, its fake stack and its own constructors beside sleds that are switched on.
// GCC's library is good for clang's code as well. It does not start under qemu-user where it wants a shadow of
// terabytes, nor everywhere else, and MIPS has none: there checks are calls, of functions that stand in for it.
// From gcc 13 or 14 on the fake stack is used unless it is switched off: a trampoline of GCC's in it cannot be executed,
// with Luge or without.
// MATRIX: interplay-asan
// RUN: %if x86_64 %{ env ASAN_OPTIONS=detect_stack_use_after_return=%if clang %{1%} %else %{0%} %both %t %cc -O1 -fsanitize=address %program %}
// RUN: %if x86_64 %{ env ASAN_OPTIONS=detect_stack_use_after_return=%if clang %{1%} %else %{0%} %both -f nop %t.0 %cc -O0 -fsanitize=address -fsanitize-address-use-after-scope %program %}
// RUN: %if asan_runs %{ env ASAN_OPTIONS=detect_leaks=0%if gcc %{:detect_stack_use_after_return=0%} %both -c -fsanitize=address %t %cc -O2 %program -lasan %}
// RUN: %if !(x86_64 || asan_runs) && runs %{ %bare_cc -O1 -DASAN -c %S/Inputs/stand_ins.c -o %t.in.o %}
// RUN: %if !(x86_64 || asan_runs) && gcc %{ %both -c "-fsanitize=address --param=asan-instrumentation-with-call-threshold=0 --param=asan-stack=0 --param=asan-globals=0" %t %cc -O2 %program %t.in.o %}
// RUN: %if !(x86_64 || asan_runs) && clang %{ %both -c "-fsanitize=address -mllvm -asan-instrumentation-with-call-threshold=0 -mllvm -asan-stack=0 -mllvm -asan-globals=0" %t %cc -O2 %program %t.in.o %}
