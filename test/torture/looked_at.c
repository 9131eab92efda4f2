// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A thread that somebody unregistering looks at does not notice it. One has left a callback by longjmp and computes:
// each signal that is queued for it arrives, once. One is in a callback and sleeps: its system calls last as long as
// they should, without EINTR. And nobody who waits for any child sees one.
// RUN: %compile_c && %users
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "torture.h"

static __thread jmp_buf back;
static __thread int jumping, sleeping;
static int pipes[2], ready, stop, slept;
static long sent, arrived, in_order;

NOINLINE static long victim(long x) { OPAQUE(); return x + 1; }
UNTRACED static void sleep_in_calls(void) {
  struct timespec t = {0, 15000000};
  unsigned word = 0;
  char byte;
  EXPECT(nanosleep(&t, NULL) == 0);
  EXPECT(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &t) == -1 && errno == ETIMEDOUT);
  struct epoll_event event;
  int fd = epoll_create1(0);
  EXPECT(epoll_wait(fd, &event, 1, 60) == 0); // of the calls that fail when a thread was stopped in them
  close(fd);
  EXPECT(read(pipes[0], &byte, 1) == 1);
}
UNTRACED static void callback(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  if (jumping)
    longjmp(back, 1);
  if (sleeping) {
    sleeping = 0;
    __atomic_fetch_add(&ready, 1, __ATOMIC_RELEASE);
    sleep_in_calls();
    __atomic_store_n(&slept, 1, __ATOMIC_RELEASE);
  }
  (void)ip, (void)parent, (void)op, (void)regs;
}
UNTRACED static void count(int n, siginfo_t *info, void *context) {
  in_order += info->si_value.sival_int == arrived;
  arrived++;
  (void)n, (void)context;
}

UNTRACED static void *computes(void *arg) {
  jumping = 1;
  if (!setjmp(back))
    victim(1);
  jumping = 0;
  __atomic_fetch_add(&ready, 1, __ATOMIC_RELEASE);
  while (__atomic_load_n(&stop, __ATOMIC_ACQUIRE) < 2) {
  }
  return arg;
}
UNTRACED static void *sleeps(void *arg) {
  sleeping = 1;
  victim(1);
  return arg;
}
UNTRACED static void *sends(void *to) {
  union sigval value;
  while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
    for (int i = 0; i < 16; i++) {
      value.sival_int = (int)sent;
      sent += pthread_sigqueue(*(pthread_t *)to, SIGRTMIN, value) == 0; // else the queue is full
    }
    usleep(100); // or it would never be seen outside its handler
  }
  return NULL;
}
UNTRACED static void *has_no_child(void *arg) {
  while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
    EXPECT(waitpid(-1, NULL, 0) == -1 && errno == ECHILD);
  return arg;
}
UNTRACED static void *wakes(void *arg) {
  usleep(130000);
  EXPECT(write(pipes[1], "x", 1) == 1);
  return arg;
}

UNTRACED static void start(pthread_t *t, void *(*what)(void *), void *arg) {
  EXPECT(pthread_create(t, NULL, what, arg) == 0);
}

TORTURE(1, OWN_USERS | LEAVES_CALLS) {
  struct ftrace_ops ops = {.func = callback};
  struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART}, was;
  pthread_t busy, asleep, sender, parent, waker;
  sigaction(SIGRTMIN, &action, &was);
  EXPECT(pipe(pipes) == 0);
  ready = stop = slept = 0;
  sent = arrived = in_order = 0;
  EXPECT(ftrace_set_filter(&ops, "victim*", 7, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  start(&busy, computes, NULL);
  start(&asleep, sleeps, NULL);
  while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) != 2)
    usleep(100);
  start(&sender, sends, &busy);
  start(&parent, has_no_child, NULL);
  start(&waker, wakes, NULL);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(__atomic_load_n(&slept, __ATOMIC_ACQUIRE));
  __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
  pthread_join(sender, NULL);
  for (int i = 0; i < 5000 && __atomic_load_n(&arrived, __ATOMIC_ACQUIRE) != sent; i++)
    usleep(1000);
  __atomic_store_n(&stop, 2, __ATOMIC_RELEASE);
  pthread_join(busy, NULL);
  pthread_join(asleep, NULL);
  pthread_join(parent, NULL);
  pthread_join(waker, NULL);
  EXPECT(sent > 0 && arrived == sent && in_order == sent);
  ftrace_free_filter(&ops);
  close(pipes[0]);
  close(pipes[1]);
  sigaction(SIGRTMIN, &was, NULL);
}
