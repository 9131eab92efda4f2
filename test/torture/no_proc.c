// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// No /proc: in a mount namespace of its own where it is not mounted. Paths are unknown then, tracing works.
// REQUIRES: root
// RUN: %compile_c && %users
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "torture.h"

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }

UNTRACED int torture_setup(int argc, char **argv) {
  char *const again[] = {argv[0], "again", NULL};
  if (argc > 1)
    return access("/proc/self", F_OK) == 0 ? 2 : -1;
  if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
      mount("none", "/proc", "tmpfs", 0, NULL)) // as good as none, and works in containers
    return puts("no mount namespaces here"), 0;
  execv(argv[0], again);
  return 3;
}

TORTURE(60, 0) {
  for (long n = 1; n < 50; n++)
    EXPECT(work(n) == n * (n + 1));
}
