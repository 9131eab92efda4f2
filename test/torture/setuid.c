// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A process that starts as root gives its rights up while it is traced: what was switched on goes off again, and
// can be switched on anew (/proc/self/mem belongs to root after a change of identity that makes it undumpable).
// REQUIRES: root
// RUN: %compile_c && %users
#define _GNU_SOURCE
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture.h"

static volatile long seen;
NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
UNTRACED static void count(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  seen++;
  (void)ip, (void)parent, (void)op, (void)regs;
}

NOINLINE static void give_up_rights(void) {
  struct ftrace_ops ops = {.func = count};
  EXPECT(ftrace_set_filter(&ops, "leaf", 4, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  seen = 0;
  EXPECT(setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
  EXPECT(work(10) == 110 && seen == 10);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(work(10) == 110 && seen == 10);
  EXPECT(register_ftrace_function(&ops) == 0);
  EXPECT(work(10) == 110 && seen == 20);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(work(10) == 110 && seen == 20);
  ftrace_free_filter(&ops);
}

TORTURE(30, OWN_USERS) {
  pid_t pid = fork();
  int status;
  if (!pid) {
    give_up_rights();
    _exit(torture_status());
  }
  EXPECT(waitpid(pid, &status, 0) == pid && status == 0);
  EXPECT(work(10) == 110);
}
