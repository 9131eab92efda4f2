// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The process becomes another program while its threads run traced code and others switch it: exec, posix_spawn, a
// daemon. The new program starts clean and can do all of it again.
// RUN: %compile_c && %users
#include <pthread.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture.h"

extern char **environ;
NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static int wait_for(pid_t pid) {
  int status = -1;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
NOINLINE static void *works_forever(void *unused) {
  for (;;)
    work(100);
  return unused;
}
UNTRACED static void ignore(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
}
UNTRACED static void *toggles_forever(void *ops) {
  for (;;)
    if (register_ftrace_function(ops) || unregister_ftrace_function(ops))
      _exit(20);
}

static struct ftrace_ops ops = {.func = ignore};
int torture_setup(int argc, char **argv) {
  if (argc < 2)
    return -1;
  if (strcmp(argv[1], "again"))
    return work(10) == 110 && luge_sites_on() == 0 ? 9 : 8;
  char *const next[] = {argv[0], "child", NULL};
  pthread_t t[2];
  pthread_create(&t[0], NULL, works_forever, NULL);
  pthread_create(&t[1], NULL, toggles_forever, &ops);
  work(1000);
  execv(argv[0], next);
  return 7;
}

NOINLINE static int daemon_of_its_own(void) {
  int pipes[2], result = 0;
  EXPECT(pipe(pipes) == 0);
  pid_t pid = fork();
  if (!pid) { // as daemon(3): a child of a child, in a session of its own
    setsid();
    if (fork())
      _exit(4);
    result = (int)work(10);
    _exit(write(pipes[1], &result, sizeof result) < 0);
  }
  EXPECT(wait_for(pid) == 4);
  EXPECT(read(pipes[0], &result, sizeof result) == sizeof result);
  close(pipes[0]);
  close(pipes[1]);
  return result;
}

TORTURE(15, 0) {
  char *const argv[] = {(char *)torture_self, "again", NULL};
  pid_t pid;
  EXPECT(posix_spawn(&pid, argv[0], NULL, NULL, argv, environ) == 0);
  EXPECT(wait_for(pid) == 9);
  pid = fork();
  if (!pid) {
    work(10);
    execv(argv[0], argv);
    _exit(6);
  }
  EXPECT(wait_for(pid) == 9);
  EXPECT(daemon_of_its_own() == 110);
}
