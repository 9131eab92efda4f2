// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// longjmp_then_idle.c with a thread that computes: nobody sees from outside that it has left the callback but by
// stopping it for a moment, which no blocked signal prevents.
// RUN: %compile_c && %users
#define BUSY
#define ROUNDS 20
#include "longjmp_then_idle.c"
