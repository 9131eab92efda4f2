// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every function of a running program with four threads is switched on and off 100,000 times: results
// stay right, no signal, no thread stops, and the address space is in as many pieces afterwards as before.
// MATRIX: defect-12
// RUN: %luge_cxx -O2 -I%source/runtime/include %s -o %t -pthread
// RUN: env LUGE_FILE=%t.luge LUGE_TRACER=nop %t %if gcc-12 %{ 100000 %} %else %{ 4000 %} | %check
// ALL: toggles {{100000|4000}}, wrong results 0, stopped threads 0, more mappings 0
// ALL-NEXT: 0 failures
#include <luge/ftrace.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline))
volatile long sink;
NOINLINE long leaf(long x) { return x * 3 + 1; }
NOINLINE long middle(long x) { return leaf(x) + leaf(x + 1); }
NOINLINE long many(long a, long b, long c, long d, long e, long f, long g, long h) {
  sink = a;
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}
NOINLINE double floating(double a, double b) { return a * b + sink * 0; }
NOINLINE long even(long n);
NOINLINE long odd(long n) { return n == 0 ? 0 : even(n - 1); }
NOINLINE long even(long n) { return n == 0 ? 1 : odd(n - 1); }
NOINLINE long recurse(long n) { return n ? 1 + recurse(n - 1) : 0; }
NOINLINE void thrower(long n) {
  if (n == 0)
    throw std::runtime_error("thrown");
  thrower(n - 1);
  sink = n;
}
NOINLINE long catcher() {
  try {
    thrower(5);
  } catch (const std::runtime_error &) {
    return 1;
  }
  return 0;
}
struct Shape {
  virtual long area(long x) const = 0;
  virtual ~Shape() = default;
};
struct Square : Shape {
  NOINLINE long area(long x) const override { return x * x; }
};
template <int N> NOINLINE long table(long x) { return x + N; }

std::atomic<bool> stop;
std::atomic<long> wrong;

NOINLINE void work(std::atomic<long> *rounds) {
  Square square;
  const Shape *shape = &square;
  while (!stop) {
    bool ok = middle(5) == 16 + 19 && many(1, 2, 3, 4, 5, 6, 7, 8) == 204 && floating(2, 3.5) == 7 &&
              even(50) == 1 && recurse(40) == 40 && catcher() == 1 && shape->area(9) == 81 &&
              table<1>(1) + table<2>(1) + table<3>(1) + table<4>(1) == 14;
    wrong += !ok;
    ++*rounds;
  }
}

// Waits until each thread has done a whole round that it began after the call.
static void everyone_works(const std::atomic<long> *rounds) {
  for (int thread = 0; thread < 4; ++thread)
    for (long then = rounds[thread]; rounds[thread] < then + 2;)
      std::this_thread::yield();
}

static long counted;
static void count(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) {
  __atomic_fetch_add(&counted, 1, __ATOMIC_RELAXED);
}

int main(int argc, char **argv) {
  long toggles = argc > 1 ? atol(argv[1]) : 1000;
  std::atomic<long> rounds[4] = {};
  std::vector<std::thread> threads;
  ftrace_ops ops = {};
  ops.func = count;
  EXPECT(register_ftrace_function(&ops) == 0); // pages of tables and buffers exist from here on
  EXPECT(luge_sites_on() == luge_site_count() && luge_site_count() > 15);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  for (auto &r : rounds)
    threads.emplace_back(work, &r);
  for (const char *tracer : {"function", "function_graph", "nop"}) {
    EXPECT(luge_set_tracer(tracer, nullptr, nullptr) == 0);
    everyone_works(rounds); // each thread has its buffer, and its arena of malloc
  }
  int before = mappings();
  for (long i = 0; i < toggles / 2; ++i) // on, off: of all sites; three kinds of user by turns
    if (i % 16 == 0) {
      failures += register_ftrace_function(&ops) != 0;
      for (int k = 0; i == 0 && k < 5000 && !__atomic_load_n(&counted, __ATOMIC_RELAXED); ++k)
        std::this_thread::sleep_for(std::chrono::milliseconds(1)); // a worker is scheduled and seen
      failures += unregister_ftrace_function(&ops) != 0;
    } else {
      failures += luge_set_tracer(i % 2 ? "function_graph" : "function", nullptr, nullptr) != 0;
      failures += luge_set_tracer("nop", nullptr, nullptr) != 0;
    }
  int after = mappings();
  EXPECT(luge_sites_on() == 0);
  EXPECT(counted > 0);
  int stopped = 0;
  for (auto &r : rounds) { // each still makes progress
    long then = r;
    for (int k = 0; k < 5000 && r == then; ++k)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stopped += r == then;
  }
  stop = true;
  for (auto &t : threads)
    t.join();
  ftrace_free_filter(&ops);
  printf("toggles %ld, wrong results %ld, stopped threads %d, more mappings %d\n", toggles, wrong.load(), stopped,
         after - before);
  printf("%d failures\n", failures);
  return failures != 0 || wrong;
}
