// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// unwind_every_instruction.c with the instructions of the stubs: an unwinder that starts in one finds no frame
// description and stops, so that asynchronous cancellation, an exception out of a handler and a profiler's
// sample at that place lose the callers (docs/formats.md says so of the stub).
// XFAIL: *
// RUN: %compile_c && %users
#define STUBS
#include "unwind_every_instruction.c"
