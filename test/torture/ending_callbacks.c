// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A callback forks, and both processes go on; another ends its thread; others call exit and exec in a child.
// RUN: %compile_c && %users
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture.h"

static volatile int armed, in_child;
static long cleaned;
NOINLINE static long victim(long x) { OPAQUE(); return x + 1; }
NOINLINE static long after(long n) { OPAQUE(); return n ? victim(n) + after(n - 1) : 0; }
NOINLINE static int status_of(pid_t pid) {
  int status;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
int torture_setup(int argc, char **argv) { return argc > 1 && !strcmp(argv[1], "child") ? 9 : -1; }

#define CALLBACK(name, ...)                                                                        \
  UNTRACED static void name(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) { \
    (void)ip, (void)parent, (void)op, (void)regs;                                                  \
    if (!armed)                                                                                    \
      return;                                                                                      \
    armed = 0;                                                                                     \
    __VA_ARGS__;                                                                                   \
  }
static pid_t forked;
CALLBACK(forks, forked = fork(); in_child = !forked)
CALLBACK(ends_thread, pthread_exit((void *)5))
CALLBACK(calls_exit, _exit(6))
CALLBACK(execs, char *const argv[] = {(char *)torture_self, "child", NULL}; execv(argv[0], argv))

NOINLINE static void clean(void *arg) { cleaned += victim((long)arg); }
NOINLINE static void *thread(void *arg) {
  pthread_cleanup_push(clean, (void *)1);
  armed = 1;
  victim(1);
  pthread_cleanup_pop(0);
  return arg;
}

UNTRACED static void with(ftrace_func_t func, void (*what)(void)) {
  struct ftrace_ops ops = {.func = func};
  EXPECT(ftrace_set_filter(&ops, "victim*", 7, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  what();
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
  EXPECT(after(10) == 65);
}
UNTRACED static void fork_in_callback(void) {
  armed = 1;
  in_child = 0;
  EXPECT(after(10) == 65);
  if (in_child)
    _exit(after(10) == 65 && !torture_status() ? 7 : 8);
  EXPECT(status_of(forked) == 7);
}
UNTRACED static void thread_end_in_callback(void) {
  pthread_t t;
  void *result;
  cleaned = 0;
  pthread_create(&t, NULL, thread, NULL);
  EXPECT(pthread_join(t, &result) == 0 && result == (void *)5 && cleaned == 2);
}
UNTRACED static void in_a_child(int code) {
  pid_t pid = fork();
  if (!pid) {
    armed = 1;
    victim(1);
    _exit(1);
  }
  EXPECT(status_of(pid) == code);
}
UNTRACED static void exit_in_callback(void) { in_a_child(6); }
UNTRACED static void exec_in_callback(void) { in_a_child(9); }

TORTURE(20, OWN_USERS | LEAVES_CALLS) {
  with(forks, fork_in_callback);
  with(ends_thread, thread_end_in_callback);
  with(calls_exit, exit_in_callback);
  with(execs, exec_in_callback);
}
