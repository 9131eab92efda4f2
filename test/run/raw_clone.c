// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A child from clone() without CLONE_VM is a fork that no fork handler hears of: it must not write
// into its parent's ring.
// RUN: %luge_cc -O1 %s -o %t
// RUN: %luge record --force -o %t.luge -- %t
// RUN: %luge dump --raw %t.luge > %t.raw
// RUN: %python %tools/balanced.py --min-calls=2000 < %t.raw
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static int in_child(int x) { __asm__ volatile(""); return x + 1; }
__attribute__((noinline)) static int in_parent(int x) { __asm__ volatile(""); return x - 1; }

static int child(void *unused) {
  int sum = 0;
  (void)unused;
  for (int i = 0; i < 1000; i++)
    sum += in_child(i);
  _exit(sum == 500500 ? 0 : 1);
}

int main(void) {
  char *stack = malloc(1 << 16);
  int pid = clone(child, stack + (1 << 16), SIGCHLD, NULL), status = 1, sum = 0;
  for (int i = 0; i < 1000; i++)
    sum += in_parent(i);
  waitpid(pid, &status, 0);
  return status || sum != 498500;
}
