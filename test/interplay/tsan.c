// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ThreadSanitizer: __tsan_func_entry behind the entry's sled, __tsan_func_exit before that of the exit.
// MATRIX: interplay-tsan
// RUN: %both %t %cc -O1 -fsanitize=thread %program
