// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Under valgrind, which translates code once and runs the translation: with --smc-check=all-non-file it would not see
// that a sled in a file's mapping has changed; with --smc-check=all it does, and finds nothing to complain about.
// REQUIRES: valgrind
// RUN: %compile_c -g && valgrind -q --smc-check=all --error-exitcode=9 %t
#include <pthread.h>

#include "torture.h"

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static void *thread(void *arg) { return (void *)work((long)arg); }

TORTURE(5, KEEPS_OBJECTS) { // valgrind maps code of its own
  pthread_t t;
  void *result;
  pthread_create(&t, NULL, thread, (void *)20);
  EXPECT(work(30) == 930);
  pthread_join(t, &result);
  EXPECT(result == (void *)420);
}
