// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fork (also while another thread switches tracing), vfork, posix_spawn, exec of itself, a daemon:
// every child computes right and records under its own process number.
// RUN: %luge_cc -O2 -I%source/runtime/include %s -o %t -pthread
// RUN: %luge record -q -o %t.luge --force -- %t | %check
// RUN: %luge report --stable %t.luge | %check(REPORT)
// RUN: env LUGE_FILE=%t.session LUGE_BUFFER=131072 LUGE_TRACER=function_graph %t | %check
// ALL: fork 40 of 40, vfork 20 of 20, spawn 5 of 5
// REPORT-DAG: {{^.* }}40 {{.*}}in_fork_child
// REPORT-DAG: {{^.* }}5 {{.*}}in_spawned
#include <luge/ftrace.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))
extern char **environ;
static volatile long sink;
static volatile int stop;
NOINLINE static long work(long n) { sink = n; return n ? 1 + work(n - 1) : 0; }
NOINLINE static int in_fork_child(void) { return work(100) == 100 ? 3 : 4; }
NOINLINE static int in_spawned(void) { return work(50) == 50 ? 5 : 6; }
NOINLINE static int status_of(pid_t pid) {
  int status = 0;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void count(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
}
__attribute__((no_instrument_function)) static void *toggler(void *unused) {
  struct ftrace_ops ops = {.func = count};
  while (!stop) {
    register_ftrace_function(&ops);
    unregister_ftrace_function(&ops);
  }
  ftrace_free_filter(&ops);
  return unused;
}

NOINLINE static int forks(int n) {
  int good = 0;
  for (int i = 0; i < n; i++) {
    pid_t pid = fork();
    if (pid == 0)
      _exit(in_fork_child());
    good += status_of(pid) == 3;
  }
  return good;
}
NOINLINE static int vforks(int n, char *self) {
  int good = 0;
  for (int i = 0; i < n; i++) {
    char *const argv[] = {self, "true", NULL};
    pid_t pid = vfork();
    if (pid == 0) {
      execv(self, argv);
      _exit(9);
    }
    good += status_of(pid) == 0;
  }
  return good;
}
NOINLINE static int spawns(int n, char *self) {
  int good = 0;
  for (int i = 0; i < n; i++) {
    char *const argv[] = {self, "spawned", NULL};
    pid_t pid;
    if (posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0)
      good += status_of(pid) == 5;
  }
  return good;
}

int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "true"))
    return 0;
  if (argc > 1 && !strcmp(argv[1], "spawned"))
    return in_spawned();
  pthread_t t;
  pthread_create(&t, NULL, toggler, NULL);
  int f = forks(40), v = vforks(20, argv[0]), s = spawns(5, argv[0]);
  stop = 1;
  pthread_join(t, NULL);
  printf("fork %d of 40, vfork %d of 20, spawn %d of 5\n", f, v, s);
  return f != 40 || v != 20 || s != 5;
}
