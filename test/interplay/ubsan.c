// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UndefinedBehaviorSanitizer: its handlers, and its traps without a run-time library.
// MATRIX: interplay-ubsan
// RUN: %if x86_64 || gcc && libubsan %{ %both %t %cc -O1 -fsanitize=undefined %program %}
// RUN: %both -f nop %t.0 %cc -O2 -fsanitize=undefined -fsanitize-undefined-trap-on-error %program
// RUN: %if !(x86_64 || gcc && libubsan) %{ %both -f toggle %t.0 %cc -O1 -fsanitize=undefined -fsanitize-undefined-trap-on-error %program %}
