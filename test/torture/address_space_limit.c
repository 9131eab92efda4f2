// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ulimit -v: hardly more address space than the program itself needs. Tracing works with less memory or says -ENOMEM;
// the program does not notice.
// RUN: %compile_c && %users 48 && %users 64 && %users 512
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "torture.h"

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
UNTRACED static void ignore(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
}

// The limit holds from the start of the process: set, then exec itself.
UNTRACED int torture_setup(int argc, char **argv) {
  if (argc == 2) {
    struct rlimit limit = {strtoul(argv[1], NULL, 10) << 20, strtoul(argv[1], NULL, 10) << 20};
    char *const again[] = {argv[0], argv[1], "limited", NULL};
    EXPECT(setrlimit(RLIMIT_AS, &limit) == 0);
    execv(argv[0], again);
    return 2;
  }
  struct ftrace_ops ops = {.func = ignore};
  int e = register_ftrace_function(&ops);
  EXPECT(e == 0 || e == -ENOMEM);
  EXPECT(work(100) == 10100);
  if (e == -ENOMEM) {
    EXPECT(luge_sites_on() == 0);
    printf("too little for tracing; %d failures\n", torture_status());
    return torture_status();
  }
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
  return -1;
}

TORTURE(60, 0) {
  void *p = malloc(1 << 16);
  EXPECT(p);
  if (p)
    memset(p, 1, 1 << 16);
  EXPECT(work(100) == 10100);
  free(p);
}
