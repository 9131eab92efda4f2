// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A static program with libluge.a, at a fixed place and position-independent: threads, fork, signals.
// RUN: env LUGE_RUNTIME=static %compile_c -static && %users
// RUN: %if gcc-12 %{ env LUGE_RUNTIME=static %compile_c -static-pie && %users %}
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture.h"

static volatile sig_atomic_t handled;
NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static void *thread(void *arg) { return (void *)work((long)arg); }
NOINLINE static void handler(int n) { handled += leaf(n) == 2 * n; }

TORTURE(60, 0) {
  pthread_t t;
  void *result;
  int status;
  void (*was)(int) = signal(SIGUSR1, handler);
  pthread_create(&t, NULL, thread, (void *)50);
  handled = 0;
  for (int i = 0; i < 10; i++)
    raise(SIGUSR1);
  pthread_join(t, &result);
  EXPECT(result == (void *)2550 && handled == 10);
  pid_t pid = fork();
  if (!pid)
    _exit(work(10) == 110 ? 5 : 6);
  EXPECT(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 5);
  signal(SIGUSR1, was);
}
