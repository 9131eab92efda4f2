// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Traced signal handlers interrupt traced code at any instruction, trampolines and the patcher's moment included:
// by a timer, by another thread and by raise; nested, on the thread's stack and on an alternate one; with a
// handler that makes system calls of its own. No result and no errno is lost.
// RUN: %compile_c && %users
// RUN: %if clang-22 %{ %compile_c -fsanitize=address && %t %}
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "torture.h"

static volatile sig_atomic_t handled, done;
static pthread_t target;

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static long middle(long x) { return leaf(x) + leaf(x + 1) + leaf(x + 2); }
NOINLINE static long stacked(long a, long b, long c, long d, long e, long f, long g, double h, long i) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + (long)h + 9 * i;
}
NOINLINE static void on_stack(int n) {
  EXPECT(middle(n) == 3 * n + 6);
  handled++;
}
NOINLINE static void on_alternate_stack(int n) {
  EXPECT(stacked(n, n, n, n, n, n, n, n, n) == 38 * n); // 1 + 2 + ... + 7 + 1 + 9
  write(-1, "", 1); // errno = EBADF
  errno = EINTR;
  raise(SIGUSR1); // nested, on this stack
  handled++;
}

NOINLINE static void *sender(void *unused) {
  sigset_t every;
  sigfillset(&every);
  pthread_sigmask(SIG_BLOCK, &every, NULL);
  while (!done) {
    pthread_kill(target, SIGUSR2);
    pthread_kill(target, SIGUSR1);
    leaf(1);
  }
  return unused;
}

TORTURE(20, 0) {
  static char stack[1 << 16];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack}, old;
  struct sigaction usr1 = {.sa_handler = on_stack, .sa_flags = SA_RESTART};
  struct sigaction usr2 = {.sa_handler = on_alternate_stack, .sa_flags = SA_RESTART | SA_ONSTACK};
  struct sigaction was[3];
  struct itimerval often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
  sigaltstack(&alternate, &old);
  sigaction(SIGUSR1, &usr1, &was[0]);
  sigaction(SIGUSR2, &usr2, &was[1]);
  sigaction(SIGALRM, &usr2, &was[2]);
  handled = done = 0;
  target = pthread_self();
  pthread_t t;
  pthread_create(&t, NULL, sender, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  for (long i = 0; handled < 1000 || i < 2000; i++) {
    errno = (int)(i % 100);
    EXPECT(middle(i) == 3 * i + 6);
    EXPECT(stacked(i, 1, i, 2, i, 3, i, 4, i) == 25 * i + 2 + 8 + 18 + 4);
    EXPECT(errno == i % 100 || errno == EINTR); // EINTR: the handler's own doing
    if (i % 16 == 0)
      raise(SIGUSR1);
  }
  setitimer(ITIMER_REAL, &never, NULL);
  done = 1;
  pthread_join(t, NULL);
  sigaction(SIGUSR1, &was[0], NULL);
  sigaction(SIGUSR2, &was[1], NULL);
  sigaction(SIGALRM, &was[2], NULL);
  sigaltstack(&old, NULL);
}
