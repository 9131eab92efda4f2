// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// vfork: the child runs traced code in its parent's memory and on its stack, then execs or exits; the parent goes
// on where it was.
// RUN: %compile_c && %users
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture.h"

static volatile long in_child;
NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static int wait_for(pid_t pid) {
  int status = -1;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int torture_setup(int argc, char **argv) {
  return argc > 1 && !strcmp(argv[1], "child") ? work(10) == 110 ? 9 : 8 : -1;
}

NOINLINE static int exits(void) {
  pid_t pid = vfork();
  if (!pid) {
    in_child = work(20);
    _exit(5);
  }
  return wait_for(pid);
}
NOINLINE static int execs(void) {
  char *const argv[] = {(char *)torture_self, "child", NULL};
  pid_t pid = vfork();
  if (!pid) {
    in_child = work(30);
    execv(argv[0], argv);
    _exit(6);
  }
  return wait_for(pid);
}

TORTURE(30, 0) {
  in_child = 0;
  EXPECT(exits() == 5 && in_child == 420);
  EXPECT(execs() == 9 && in_child == 930);
  EXPECT(work(40) == 1640);
}
