// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exceptions, longjmp, thread exit and cancellation, tail calls, stack arguments, variadics, aggregates,
// recursion a million deep, setjmp loops, traced from the first constructor on: the program's own
// results are right, and each entry of a function that reports its return has one.
// MATRIX: interplay-init
// RUN: %luge_cxx -O2 %s -o %t -pthread
// RUN: %t > %t.off
// RUN: env LUGE_FILE=%t.luge LUGE_BUFFER=134217728 LUGE_TRACER=function_graph sh -c 'ulimit -s unlimited; %t' > %t.on
// RUN: diff %t.off %t.on
// RUN: %check < %t.on
// RUN: %luge report --stable %t.luge | %check(REPORT)
// RUN: env LUGE_FILE=%t.f LUGE_BUFFER=134217728 LUGE_TRACER=function sh -c 'ulimit -s unlimited; %t' | diff %t.off -
// RUN: env LUGE_FILE=%t.d LUGE_DEPTH=3 LUGE_TRACER=function_graph sh -c 'ulimit -s unlimited; %t' | diff %t.off -
// ALL: 15 of 15 right
// REPORT-DAG: {{^.* }}1,000,001 {{.*}}recurse
// REPORT-DAG: {{^.* }}500,001 {{.*}}ping
// REPORT-DAG: {{^.* }}10 {{.*}}thrower
// REPORT-DAG: {{^.* }}3,000 {{.*}}jumper
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#define NOINLINE __attribute__((noinline))
static volatile long sink;
static int right, cases;
static NOINLINE void expect(bool ok, const char *what) {
  ++cases;
  right += ok;
  if (!ok)
    printf("wrong: %s\n", what);
}

struct Early { // constructors run traced
  long value;
  NOINLINE Early() : value(42) { sink = value; }
};
static Early early;

struct Guard {
  int *count;
  NOINLINE explicit Guard(int *c) : count(c) {}
  NOINLINE ~Guard() { ++*count; }
};
NOINLINE static void thrower(int n, int *destroyed) {
  Guard guard(destroyed);
  if (n == 0)
    throw std::runtime_error(std::string("deep") + "er");
  thrower(n - 1, destroyed);
  sink = n;
}
NOINLINE static bool catches() {
  int destroyed = 0;
  try {
    thrower(4, &destroyed);
  } catch (const std::exception &e) {
    return destroyed == 5 && std::string(e.what()) == "deeper";
  }
  return false;
}
NOINLINE static void rethrows(int *destroyed) {
  try {
    thrower(4, destroyed);
  } catch (...) {
    throw;
  }
}

static jmp_buf back;
NOINLINE static void jumper(int n) {
  sink = n;
  if (n == 0)
    longjmp(back, 7);
  jumper(n - 1);
  sink = n;
}
NOINLINE static long jumps() {
  volatile long count = 0;
  if (setjmp(back) != 0)
    ++count;
  if (count < 1000)
    jumper(2);
  return count;
}

NOINLINE static long pong(long n);
NOINLINE static long ping(long n) { return n == 0 ? 17 : pong(n - 1); }
NOINLINE static long pong(long n) { return n == 0 ? 18 : ping(n - 1); }
NOINLINE static long recurse(long n) {
  if (n == 0)
    return 0;
  long below = recurse(n - 1);
  sink = below;
  return below + 1;
}

struct Big {
  long v[7];
};
NOINLINE static long by_value(Big b, int x, Big c) { return b.v[0] + b.v[6] + x + c.v[3]; }
NOINLINE static Big returned(long x) { return {{x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6}}; }
NOINLINE static double mixed(double a, long b, double c, long d, double e, long f, double g, long h, double i,
                             long j, double k, long l, double m, long n, double o, long p, double q) {
  return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q;
}
NOINLINE static double sums(int n, ...) {
  va_list ap;
  va_start(ap, n);
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += i % 2 ? va_arg(ap, double) : va_arg(ap, int);
  va_end(ap);
  return s;
}
NOINLINE static long double wide(long double a, long double b) { return a * b; }
NOINLINE static __int128 two_registers(__int128 a) { return a * 3; }

NOINLINE static void *exits(void *count) {
  Guard guard(static_cast<int *>(count));
  pthread_exit(reinterpret_cast<void *>(9));
}
NOINLINE static void *waits(void *count) {
  Guard guard(static_cast<int *>(count));
  for (;;)
    pause();
}
NOINLINE static void *run(void *(*f)(void *), int *count, bool cancel) {
  pthread_t t;
  void *result;
  pthread_create(&t, nullptr, f, count);
  if (cancel) {
    usleep(20000);
    pthread_cancel(t);
  }
  pthread_join(t, &result);
  return result;
}
NOINLINE static void *deep_thread(void *) { return reinterpret_cast<void *>(recurse(1000000)); }

int main() {
  int destroyed = 0, exited = 0, cancelled = 0;
  expect(early.value == 42, "constructor");
  expect(catches(), "exception");
  try {
    rethrows(&destroyed);
    expect(false, "rethrow");
  } catch (const std::runtime_error &) {
    expect(destroyed == 5, "rethrow");
  }
  expect(jumps() == 1000, "longjmp");
  expect(ping(1000000) == 17, "tail calls");
  expect(by_value(returned(1), 2, returned(10)) == 1 + 7 + 2 + 13, "aggregates");
  expect(mixed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17) == 153, "stack arguments");
  expect(sums(12, 1, 2.5, 3, 4.5, 5, 6.5, 7, 8.5, 9, 10.5, 11, 12.5) == 81, "variadic");
  expect(wide(1.5L, 2.0L) == 3.0L, "long double");
  expect(two_registers(static_cast<__int128>(1) << 90) == static_cast<__int128>(3) << 90, "two registers");
  expect(run(exits, &exited, false) == reinterpret_cast<void *>(9), "pthread_exit");
  expect(exited == 1, "destructor at pthread_exit");
  expect(run(waits, &cancelled, true) == PTHREAD_CANCELED, "pthread_cancel");
  expect(cancelled == 1, "destructor at pthread_cancel");
  pthread_attr_t attr; // on a stack of its own: a million frames need more than the default
  pthread_attr_init(&attr);
  pthread_attr_setstacksize(&attr, 1ul << 30);
  pthread_t t;
  void *depth;
  pthread_create(&t, &attr, deep_thread, nullptr);
  pthread_join(t, &depth);
  expect(depth == reinterpret_cast<void *>(1000000), "recursion");
  printf("%d of %d right\n", right, cases);
  return right != cases;
}
