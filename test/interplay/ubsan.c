// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UndefinedBehaviorSanitizer: its handlers, and its traps without a run-time library.
// MATRIX: interplay-ubsan
// RUN: %both %t %cc -O1 -fsanitize=undefined %program
// RUN: %both -f nop %t.0 %cc -O2 -fsanitize=undefined -fsanitize-undefined-trap-on-error %program
