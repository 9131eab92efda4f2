// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whoever unregisters waits for a callback that has begun, whatever its thread does meanwhile: it computes, sleeps,
// forks, has gone to another fiber, or is in a signal's handler on an alternate stack. None of that looks like a
// callback that longjmp has left.
// RUN: %compile_c && %t
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "torture.h"

#define KEEP(array) __asm__ volatile("" ::"r"(array) : "memory") /* it is on the stack, and nothing is written */
enum { STACK = 1 << 18, GUARD = 1 << 12, STAGE = 60000000 };
static __thread void (*in_callback)(void);
static __thread ucontext_t here, there, third;
static __thread long heard;
static int begun, ended;
static long go_at;
static char *other_stack; // beside the thread's own, below it or above

UNTRACED static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000 + t.tv_nsec;
}
UNTRACED static int going_on(void) {
  long go = __atomic_load_n(&go_at, __ATOMIC_ACQUIRE);
  return !go || now() < go + STAGE;
}
UNTRACED static void compute(void) {
  while (going_on()) {
  }
}
UNTRACED static void sleeps(void) {
  struct timespec t = {0, STAGE / 4};
  while (going_on())
    nanosleep(&t, NULL);
}
UNTRACED static void fork_often(void) {
  while (going_on()) {
    pid_t child = fork();
    if (!child)
      _exit(7);
    int status = 0;
    EXPECT(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
  }
}

NOINLINE static long victim(long x) { OPAQUE(); return x + 1; }
NOINLINE static long victim_of_others(long x) { OPAQUE(); return x + 2; }
UNTRACED static void callback(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  void (*what)(void) = in_callback;
  heard++;
  if (!what)
    return;
  in_callback = NULL;
  __atomic_fetch_add(&begun, 1, __ATOMIC_RELEASE);
  what();
  __atomic_fetch_add(&ended, 1, __ATOMIC_RELEASE);
  (void)ip, (void)parent, (void)op, (void)regs;
}

// ---- Fibers

UNTRACED static void call_and_compute(void) {
  for (long before = heard; going_on();)
    EXPECT(victim_of_others(1) == 3 && heard == before); // the guard is still that of the callback
}
UNTRACED static void go_there(void) { swapcontext(&here, &there); }
UNTRACED static void go_back(void) { swapcontext(&there, &here); }
UNTRACED static void fiber_calls(void) {
  victim(1);
  for (;;)
    go_back();
}
UNTRACED static void fiber_computes(void) {
  call_and_compute();
  for (;;)
    go_back();
}
UNTRACED static void make_fiber(ucontext_t *fiber, int half, void (*start)(void)) {
  getcontext(fiber);
  fiber->uc_stack.ss_sp = other_stack + half * STACK / 2;
  fiber->uc_stack.ss_size = STACK / 2;
  makecontext(fiber, start, 0);
}
// The callback is on the fiber, and goes back to here.
UNTRACED static void left_on_fiber(void (*meanwhile)(void)) {
  in_callback = go_back;
  make_fiber(&there, 0, fiber_calls);
  go_there();
  meanwhile();
  go_there();
}
UNTRACED static void fiber_and_compute(void) { left_on_fiber(compute); }
UNTRACED static void fiber_and_call(void) { left_on_fiber(call_and_compute); }
UNTRACED static void fiber_and_sleep(void) { left_on_fiber(sleeps); }
UNTRACED static void go_on(void) { swapcontext(&there, &third); }
UNTRACED static void third_computes(void) {
  compute();
  swapcontext(&third, &there);
}
UNTRACED static void fiber_to_fiber(void) {
  in_callback = go_on;
  make_fiber(&there, 0, fiber_calls);
  make_fiber(&third, 1, third_computes);
  go_there();
}
UNTRACED static void away_to_fiber(void) {
  in_callback = go_there;
  make_fiber(&there, 0, fiber_computes);
  victim(1);
}

// ---- Signals

static __thread void (*in_handler)(void);
UNTRACED static void handler(int n) { in_handler(), (void)n; }
UNTRACED static void nothing(void) {}
UNTRACED static void interrupted(void) { raise(SIGUSR1); }
UNTRACED static void on_alternate(char *stack, void (*what)(void)) {
  stack_t alternate = {.ss_sp = stack, .ss_size = STACK / 4}, none = {.ss_flags = SS_DISABLE};
  in_handler = what;
  in_callback = interrupted;
  sigaltstack(&alternate, NULL);
  victim(1);
  sigaltstack(&none, NULL);
}
UNTRACED static void alternate_elsewhere_computes(void) { on_alternate(other_stack, compute); }
UNTRACED static void alternate_elsewhere_sleeps(void) { on_alternate(other_stack, sleeps); }
UNTRACED static void alternate_in_own_computes(void) {
  char part[STACK / 4];
  on_alternate(part, compute);
}
UNTRACED static void alternate_in_own_sleeps(void) {
  char part[STACK / 4];
  on_alternate(part, sleeps);
}

UNTRACED static void alternate_in_own_calls(void) {
  char part[STACK / 4];
  on_alternate(part, call_and_compute);
}

// What the kernel has put on an alternate stack is still there, and is now part of the thread's own one.
NOINLINE UNTRACED static void leave_traces(void) {
  char part[STACK / 4];
  stack_t alternate = {.ss_sp = part, .ss_size = sizeof part}, none = {.ss_flags = SS_DISABLE};
  in_handler = nothing;
  sigaltstack(&alternate, NULL);
  raise(SIGUSR1);
  sigaltstack(&none, NULL);
}
NOINLINE UNTRACED static void compute_below(void) {
  char room[STACK / 4];
  KEEP(room);
  compute();
  KEEP(room);
}
NOINLINE UNTRACED static void call_among_traces(void) {
  char room[STACK / 8];
  KEEP(room);
  in_callback = compute_below;
  victim(1);
  KEEP(room);
}
UNTRACED static void traces_of_alternate(void) {
  leave_traces();
  call_among_traces();
}

// ----

UNTRACED static void calls(void (*what)(void)) { in_callback = what, victim(1); }
UNTRACED static void callback_computes(void) { calls(compute); }
UNTRACED static void callback_sleeps(void) { calls(sleeps); }
UNTRACED static void callback_forks(void) { calls(fork_often); }

static void (*const situations[])(void) = {
    callback_computes, callback_sleeps, callback_forks, fiber_and_compute, fiber_and_call, fiber_and_sleep, fiber_to_fiber,
    away_to_fiber, alternate_elsewhere_computes, alternate_elsewhere_sleeps, alternate_in_own_computes,
    alternate_in_own_sleeps, alternate_in_own_calls, traces_of_alternate};

UNTRACED static void *thread(void *what) {
  (*(void (*const *)(void))what)();
  return NULL;
}

UNTRACED static void once(void (*const *what)(void), pthread_attr_t *attr) {
  struct ftrace_ops ops = {.func = callback};
  pthread_t t;
  begun = ended = 0;
  __atomic_store_n(&go_at, 0, __ATOMIC_RELEASE);
  EXPECT(ftrace_set_filter(&ops, "victim*", 7, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  EXPECT(pthread_create(&t, attr, thread, (void *)what) == 0);
  while (!__atomic_load_n(&begun, __ATOMIC_ACQUIRE))
    usleep(100);
  __atomic_store_n(&go_at, now(), __ATOMIC_RELEASE);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(__atomic_load_n(&ended, __ATOMIC_ACQUIRE) == 1);
  pthread_join(t, NULL);
  ftrace_free_filter(&ops);
}

TORTURE(0, OWN_USERS) {}
UNTRACED int torture_setup(int argc, char **argv) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
  pthread_attr_t attr;
  char *lower = mmap(NULL, 3 * STACK + GUARD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *own = lower + STACK + GUARD, *upper = own + STACK;
  mprotect(lower + STACK, GUARD, PROT_NONE);
  sigaction(SIGUSR1, &action, NULL);
  victim(1);
  pthread_attr_init(&attr);
  pthread_attr_setstack(&attr, own, STACK);
  for (unsigned i = 0; i < 2 * sizeof situations / sizeof *situations; i++) {
    other_stack = i % 2 ? lower : upper;
    once(&situations[i / 2], &attr);
  }
  return (void)argc, (void)argv, torture_status();
}
