// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads are created, return, call pthread_exit from deep below, are cancelled in a cancellation point and
// at any instruction, detach themselves, and run destructors of keys and cleanup handlers on their way out.
// RUN: %compile_c && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=thread && %t %}
// RUN: %if clang-22 %{ %compile_c -fsanitize=thread && %t %}
// RUN: %if gcc-12 %{ %compile_c -fsanitize=address && %t %}
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include "torture.h"

static pthread_key_t key;
static long destroyed, cleaned;
static sem_t started, detached;
static volatile long sink;

NOINLINE static long leaf(long n) { OPAQUE(); return n * 3 + 1; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static void destroy(void *value) { __atomic_fetch_add(&destroyed, leaf((long)value), __ATOMIC_RELAXED); }
NOINLINE static void clean(void *value) { __atomic_fetch_add(&cleaned, leaf((long)value), __ATOMIC_RELAXED); }

NOINLINE static void *returns(void *arg) {
  pthread_setspecific(key, (void *)1);
  return (void *)(work(100) + (long)arg);
}
NOINLINE static void leaves(long depth) {
  if (!depth)
    pthread_exit((void *)work(10));
  if (depth > 0)
    leaves(depth - 1);
  sink = depth;
}
NOINLINE static void *exits(void *arg) {
  pthread_setspecific(key, (void *)1);
  pthread_cleanup_push(clean, (void *)1);
  leaves(20);
  pthread_cleanup_pop(0);
  return arg;
}
NOINLINE static void *waits(void *arg) {
  pthread_cleanup_push(clean, (void *)1);
  sem_post(&started);
  for (;;)
    pause();
  pthread_cleanup_pop(0);
  return arg;
}
NOINLINE static void *detaches(void *arg) {
  work(10);
  sem_post(&detached);
  return arg;
}

static void *join(pthread_t t) {
  void *result;
  EXPECT(pthread_join(t, &result) == 0);
  return result;
}

TORTURE(60, LEAVES_CALLS) { // a detached thread may be on its way out still
  pthread_t t[4], gone;
  destroyed = cleaned = 0;
  pthread_key_create(&key, destroy);
  sem_init(&started, 0, 0);
  sem_init(&detached, 0, 0);
  pthread_create(&t[0], NULL, returns, (void *)5);
  pthread_create(&t[1], NULL, exits, NULL);
  pthread_create(&t[2], NULL, waits, NULL);
  pthread_create(&t[3], NULL, returns, (void *)6);
  pthread_create(&gone, NULL, detaches, NULL);
  pthread_detach(gone);
  sem_wait(&started);
  pthread_cancel(t[2]);
  EXPECT(join(t[0]) == (void *)(5 + 15250));
  EXPECT(join(t[1]) == (void *)175);
  EXPECT(join(t[2]) == PTHREAD_CANCELED);
  EXPECT(join(t[3]) == (void *)(6 + 15250));
  sem_wait(&detached);
  EXPECT(destroyed == 3 * 4 && cleaned == 2 * 4);
  pthread_key_delete(key);
}
