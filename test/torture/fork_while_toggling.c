// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fork from a thread, any moment of another thread's switching: the child computes right, is called back by what
// was registered, switches everything on and off itself, forks again and starts threads.
// RUN: %compile_c && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture.h"

static volatile long seen;
NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static void *thread(void *arg) { return (void *)work((long)arg); }
UNTRACED static void count(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  seen++;
  (void)ip, (void)parent, (void)op, (void)regs;
}

NOINLINE static int wait_for(pid_t pid) {
  int status = -1;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

NOINLINE static void child(void) {
  struct ftrace_ops ops = {.func = count};
  pthread_t t;
  void *result;
  EXPECT(work(100) == 10100);
  EXPECT(ftrace_set_filter(&ops, "leaf", 4, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  seen = 0;
  EXPECT(work(10) == 110);
  EXPECT(seen == 10);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(work(10) == 110 && seen == 10);
  ftrace_free_filter(&ops);
  EXPECT(pthread_create(&t, NULL, thread, (void *)50) == 0);
  EXPECT(pthread_join(t, &result) == 0 && result == (void *)2550);
}

NOINLINE static void *forks(void *unused) {
  for (int i = 0; i < 2; i++) {
    pid_t pid = fork();
    if (!pid) {
      child();
      pid = fork();
      if (!pid)
        _exit(work(10) == 110 ? 7 : 8);
      EXPECT(wait_for(pid) == 7);
      _exit(torture_status());
    }
    EXPECT(wait_for(pid) == 0);
  }
  return unused;
}

TORTURE(30, OWN_USERS) {
  pthread_t t;
  pthread_create(&t, NULL, forks, NULL);
  EXPECT(work(1000) == 1001000);
  pthread_join(t, NULL);
}
