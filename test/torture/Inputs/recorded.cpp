// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a recorded program may do to its tracer: recorded CASE [OBJECT]. Each case calls leaf() a known number of
// times, in whatever processes and threads, and prints that number; peers.py compares it with the trace.
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <string>

#define NOINLINE __attribute__((noinline))
static long *made; // calls of leaf in all processes: shared memory
static volatile long sink;
static const char *self, *object;
extern "C" NOINLINE void leaf() { __atomic_fetch_add(made, 1, __ATOMIC_RELAXED); }
static void expect(bool ok, const char *what) { if (!ok) printf("wrong: %s\n", what); }

static void plain() { for (int i = 0; i < 10; ++i) leaf(); }

struct Guard { NOINLINE ~Guard() { leaf(); } };
NOINLINE static void thrower(int n) {
  Guard guard;
  leaf();
  if (n == 0) throw std::string("thrown");
  thrower(n - 1);
  sink = n;
}
NOINLINE static bool catcher(bool again) {
  try {
    try { thrower(5); } catch (const std::string &) { leaf(); if (again) throw; }
    return !again;
  } catch (const std::string &s) { return again && s == "thrown"; }
}
static void exceptions() { for (int i = 0; i < 10; ++i) expect(catcher(false), "catch"); leaf(); }
static void rethrow() { for (int i = 0; i < 10; ++i) expect(catcher(true), "rethrow"); leaf(); }

static jmp_buf back;
NOINLINE static void jumper(int n) {
  leaf();
  if (n == 0) longjmp(back, 7);
  jumper(n - 1);
  sink = n;
}
static void long_jump() {
  for (volatile int i = 0; i < 10; i = i + 1) { int r = setjmp(back); if (!r) jumper(5); else expect(r == 7, "longjmp"); }
  leaf();
}

NOINLINE static long odd(long n);
NOINLINE static long even(long n) { if (n % 100000 == 0) leaf(); return n == 0 ? 1 : odd(n - 1); }
NOINLINE static long odd(long n) { return n == 0 ? 0 : even(n - 1); }
static void tail_calls() { expect(even(1000000) == 1, "even"); leaf(); }

static volatile sig_atomic_t handled;
static sigjmp_buf signal_back;
NOINLINE static void on_alarm(int) { leaf(); handled = handled + 1; }
NOINLINE static void on_user(int) { leaf(); siglongjmp(signal_back, 1); }
static void signals() {
  itimerval often = {{0, 300}, {0, 300}}, never = {};
  signal(SIGALRM, on_alarm);
  setitimer(ITIMER_REAL, &often, nullptr);
  while (handled < 100) { leaf(); for (int i = 0; i < 2000; ++i) sink = i; }
  setitimer(ITIMER_REAL, &never, nullptr);
}
static void signal_jump() {
  signal(SIGUSR1, on_user);
  for (volatile int i = 0; i < 10; i = i + 1) if (!sigsetjmp(signal_back, 1)) { raise(SIGUSR1); expect(false, "jump"); }
  leaf();
}

static ucontext_t outside, fiber;
NOINLINE static void yield() { leaf(); swapcontext(&fiber, &outside); leaf(); }
static void fiber_main() { for (int i = 0; i < 100; ++i) yield(); }
static void coroutine() {
  static char stack[1 << 17];
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = stack, fiber.uc_stack.ss_size = sizeof stack, fiber.uc_link = &outside;
  makecontext(&fiber, fiber_main, 0);
  for (int i = 0; i <= 100; ++i) { swapcontext(&outside, &fiber); leaf(); }
}

NOINLINE static void reap(pid_t pid, int code) { int s; waitpid(pid, &s, 0); expect(WIFEXITED(s) && WEXITSTATUS(s) == code, "child"); }
static void fork_case() { for (int i = 0; i < 5; ++i) { pid_t p = fork(); leaf(); if (!p) { leaf(); _exit(3); } reap(p, 3); } }
static void vfork_case() { for (int i = 0; i < 5; ++i) { leaf(); pid_t p = vfork(); if (!p) { execl("/bin/true", "true", nullptr); _exit(1); } reap(p, 0); } }
static void exec_case() { leaf(); printf("calls %ld\n", *made); fflush(stdout); execl(self, self, "plain", nullptr); expect(false, "exec"); }

NOINLINE static void *thousand(void *p) { for (int i = 0; i < 1000; ++i) leaf(); return p; }
static void threads() { pthread_t t[8]; for (auto &x : t) pthread_create(&x, nullptr, thousand, nullptr); for (auto &x : t) pthread_join(x, nullptr); }
static void churn() { for (int i = 0; i < 200; ++i) { pthread_t t; pthread_create(&t, nullptr, thousand, nullptr); pthread_join(t, nullptr); } }
static volatile bool ready;
NOINLINE static void *lives_on(void *p) { thousand(p); ready = true; for (;;) pause(); }
static void live_thread() { pthread_t t; pthread_create(&t, nullptr, lives_on, nullptr); while (!ready) usleep(1000); }
NOINLINE static void *thread_exits(void *p) { Guard guard; leaf(); pthread_exit(p); }
NOINLINE static void *thread_waits(void *) { Guard guard; leaf(); ready = true; for (;;) pause(); }
static void thread_ends() {
  pthread_t t;
  pthread_create(&t, nullptr, thread_exits, nullptr);
  pthread_join(t, nullptr);
  pthread_create(&t, nullptr, thread_waits, nullptr);
  while (!ready) usleep(1000);
  pthread_cancel(t);
  pthread_join(t, nullptr);
}

struct Two { double a, b; };
struct Big { long v[8]; };
NOINLINE static Two two(double a, double b) { leaf(); return {a + 1, b + 2}; }
NOINLINE static Big big(long a) { leaf(); return {{a, a + 1, a + 2, a + 3, a + 4, a + 5, a + 6, a + 7}}; }
NOINLINE static long double wide(long double a, Big b, __int128 c) { leaf(); return a * 2 + b.v[7] + static_cast<long double>(c >> 64); }
static void abi() {
  Two t = two(1.5, 2.5);
  expect(t.a == 2.5 && t.b == 4.5, "two doubles");
  expect(big(5).v[7] == 12 && wide(1.25L, big(1), static_cast<__int128>(3) << 64) == 13.5L, "memory, x87, __int128");
}
typedef double v4 __attribute__((vector_size(32)));
__attribute__((target("avx"))) NOINLINE static v4 add(v4 a, v4 b) { return a + b; }
__attribute__((target("avx"))) NOINLINE static bool sums() { v4 s = {1, 2, 3, 4}; for (int i = 0; i < 99; ++i) s = add(s, v4{1, 2, 3, 4}); return s[0] == 100 && s[3] == 400; }
static void avx() { leaf(); expect(!__builtin_cpu_supports("avx") || sums(), "upper halves"); }
NOINLINE static long deep(long n) { if (n == 0) { leaf(); return 0; } long below = deep(n - 1); sink = below; return below + 1; }
static void deep_case() { expect(deep(20000) == 20000, "depth"); }
static void dlopen_case() {
  for (int i = 0; i < 4; ++i) {
    void *h = dlopen(object, RTLD_NOW);
    if (!h) return expect(false, dlerror());
    auto f = reinterpret_cast<int (*)(void (*)(), int)>(dlsym(h, "object_calls"));
    expect(f(leaf, 10) == 10, "object");
    dlclose(h);
  }
}
static void say() { printf("calls %ld\n", *made); fflush(stdout); }
static void aborts() { plain(), say(), abort(); }
static void exits() { plain(), say(), _exit(0); }
static void faults() { plain(), say(), *reinterpret_cast<volatile int *>(sink & 0) = 1; }
static void killed() { plain(), say(), kill(getpid(), SIGKILL); }

int main(int argc, char **argv) {
  static const struct { const char *name; void (*run)(); } cases[] = {
#define CASE(name, f) {name, f},
#include "recorded.def"
  };
  made = static_cast<long *>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  self = argv[0], object = argc > 2 ? argv[2] : "";
  for (auto &c : cases)
    if (argc > 1 && !strcmp(argv[1], c.name)) return c.run(), say(), 0;
  return 2;
}
