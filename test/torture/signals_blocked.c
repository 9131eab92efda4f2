// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program that blocks every signal in every thread, or ignores every one: switching works all the same, since no
// signal is needed for it, and what is blocked or ignored stays so.
// RUN: %compile_c && %users block && %users ignore
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "torture.h"

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static void *thread(void *arg) { return (void *)work((long)arg); }

UNTRACED int torture_setup(int argc, char **argv) {
  sigset_t every;
  sigfillset(&every);
  if (argc > 1 && !strcmp(argv[1], "ignore"))
    for (int n = 1; n < 65; n++)
      signal(n, SIG_IGN);
  else
    pthread_sigmask(SIG_SETMASK, &every, NULL);
  return -1;
}

TORTURE(100, 0) {
  pthread_t t[3];
  for (long i = 0; i < 3; i++)
    pthread_create(&t[i], NULL, thread, (void *)(100 + i));
  for (long i = 0; i < 3; i++) {
    void *result;
    pthread_join(t[i], &result);
    EXPECT(result == (void *)((100 + i) * (101 + i)));
  }
}
