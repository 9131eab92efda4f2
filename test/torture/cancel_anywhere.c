// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asynchronous cancellation: threads end at whatever instruction they are, in bodies, trampolines and callbacks, and
// run their cleanup handlers.
// RUN: %compile_c && %users
#include <pthread.h>
#include <semaphore.h>

#include "torture.h"

static long cleaned;
static sem_t started;
static volatile long sink;

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static long busy(long n) { return n ? leaf(n) + busy(n - 1) : 0; }
NOINLINE static void clean(void *value) { __atomic_fetch_add(&cleaned, leaf((long)value), __ATOMIC_RELAXED); }
NOINLINE static void *works(void *arg) {
  int old;
  pthread_cleanup_push(clean, arg);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  sem_post(&started);
  for (;;)
    sink = busy(10);
  pthread_cleanup_pop(0);
  return arg;
}

TORTURE(6, LEAVES_CALLS) { // those that unwinding could not reach
  cleaned = 0;
  sem_init(&started, 0, 0);
  for (int i = 0; i < 5; i++) {
    pthread_t t[2];
    void *result;
    for (int k = 0; k < 2; k++)
      pthread_create(&t[k], NULL, works, (void *)1);
    for (int k = 0; k < 2; k++)
      sem_wait(&started);
    EXPECT(busy(10 * i) == 5 * i * (10 * i + 1) + 10 * i);
    for (int k = 0; k < 2; k++) {
      EXPECT(pthread_cancel(t[k]) == 0);
      EXPECT(pthread_join(t[k], &result) == 0 && result == PTHREAD_CANCELED);
    }
  }
  EXPECT(cleaned == 10 * 2);
}
