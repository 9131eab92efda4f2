// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// longjmp_then_idle.c with a thread that computes: nobody can see from outside that it has left the callback, and
// unregistering waits until it calls a traced function, or sleeps. Here that is never.
// XFAIL: *
// RUN: %compile_c && %users
#define BUSY
#define LIMIT 3
#include "longjmp_then_idle.c"
