// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A callback on an alternate signal stack that lies above the thread's own one is left by siglongjmp; the thread then
// sleeps, computes, or goes on calling. Neither another thread's unregistering nor later calls suffer from it, although what is
// left lies above.
// RUN: %compile_c && %users
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "torture.h"

enum { HALF = 1 << 18 };
static __thread sigjmp_buf back;
static __thread int jumping;
enum then { SLEEPS, COMPUTES, CALLS };
static int pipes[2], ready, stop;
static long later;
static char *stacks;

NOINLINE static long victim(long x) { OPAQUE(); return x + 1; }
UNTRACED static void jumps(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  if (jumping)
    siglongjmp(back, 1);
  __atomic_fetch_add(&later, 1, __ATOMIC_RELAXED);
  (void)ip, (void)parent, (void)op, (void)regs;
}
NOINLINE static void handler(int n) { victim(n); }
UNTRACED static void *thread(void *then) {
  char byte;
  stack_t upper = {.ss_sp = stacks + HALF, .ss_size = HALF}, none = {.ss_flags = SS_DISABLE};
  sigaltstack(&upper, NULL);
  jumping = 1;
  if (!sigsetjmp(back, 1))
    raise(SIGUSR1);
  jumping = 0;
  if (*(enum then *)then == CALLS)
    EXPECT(victim(1) == 2); // the callback hears of this one
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  while (*(enum then *)then == COMPUTES && !__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
  }
  EXPECT(read(pipes[0], &byte, 1) == 1);
  sigaltstack(&none, NULL);
  return NULL;
}

UNTRACED static void once(enum then then) {
  struct ftrace_ops ops = {.func = jumps};
  pthread_attr_t attr;
  pthread_t t;
  alarm(60);
  EXPECT(pipe(pipes) == 0);
  ready = stop = 0;
  later = 0;
  EXPECT(ftrace_set_filter(&ops, "victim*", 7, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  pthread_attr_init(&attr);
  pthread_attr_setstack(&attr, stacks, HALF);
  pthread_create(&t, &attr, thread, &then);
  while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
    usleep(100);
  EXPECT(later == (then == CALLS));
  EXPECT(unregister_ftrace_function(&ops) == 0);
  __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
  EXPECT(write(pipes[1], "x", 1) == 1);
  pthread_join(t, NULL);
  ftrace_free_filter(&ops);
  close(pipes[0]);
  close(pipes[1]);
  alarm(0);
}

TORTURE(20, OWN_USERS | LEAVES_CALLS) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK}, was;
  stacks = mmap(NULL, 2 * HALF, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  sigaction(SIGUSR1, &action, &was);
  once(CALLS);
  once(SLEEPS);
  once(COMPUTES);
  sigaction(SIGUSR1, &was, NULL);
  munmap(stacks, 2 * HALF);
}
