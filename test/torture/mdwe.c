// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PR_SET_MDWE: no mapping of the process may become writable and executable, for good.
// RUN: %compile_c && %users
#include <stdio.h>
#include <sys/prctl.h>

#include "torture.h"

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }

UNTRACED int torture_setup(int argc, char **argv) {
  (void)argc, (void)argv;
  if (prctl(65 /* PR_SET_MDWE */, 1 /* PR_MDWE_REFUSE_EXEC_GAIN */, 0, 0, 0) != 0)
    return puts("no PR_SET_MDWE in this kernel"), 0;
  return -1;
}

TORTURE(60, 0) {
  for (long n = 1; n < 50; n++)
    EXPECT(work(n) == n * (n + 1));
}
