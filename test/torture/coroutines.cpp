// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++20 coroutines: resumed on another thread than they were suspended on, a chain of symmetric transfers (tail
// calls: no stack growth), an exception out of a resumption, one destroyed while suspended.
// UNSUPPORTED: clang-14
// RUN: %compile_cxx && %users
#include <coroutine>
#include <stdexcept>
#include <thread>

#include "torture.h"

static int destroyed;
struct Guard {
  NOINLINE ~Guard() { OPAQUE(); ++destroyed; }
};

struct Task {
  struct promise_type {
    long value = 0;
    std::exception_ptr error;
    std::coroutine_handle<> next = std::noop_coroutine();
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Final {
      bool await_ready() noexcept { return false; }
      NOINLINE std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> h) noexcept { return h.promise().next; }
      void await_resume() noexcept {}
    };
    Final final_suspend() noexcept { return {}; }
    NOINLINE std::suspend_always yield_value(long v) noexcept { value = v; return {}; }
    void return_value(long v) { value = v; }
    NOINLINE void unhandled_exception() { error = std::current_exception(); }
  };
  std::coroutine_handle<promise_type> handle;
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) {
    handle.promise().next = caller;
    return handle;
  }
  NOINLINE long await_resume() {
    auto p = handle.promise();
    handle.destroy();
    if (p.error)
      std::rethrow_exception(p.error);
    return p.value;
  }
};

NOINLINE static Task counter(long n) {
  Guard guard;
  for (long i = 0; i < n; ++i)
    co_yield i;
  co_return n;
}
NOINLINE static Task one(long x) {
  OPAQUE();
  co_return x;
}
NOINLINE static Task chain(long n) { // each await and each end is a transfer, none of which returns first
  long sum = 0;
  for (long i = 0; i < n; ++i)
    sum += co_await one(i);
  co_return sum;
}
NOINLINE static Task fails(long n) {
  Guard guard;
  if (n == 0)
    throw std::runtime_error("deep");
  co_return 1 + co_await fails(n - 1);
}
NOINLINE static long run(Task t) {
  while (!t.handle.done())
    t.handle.resume();
  return t.await_resume();
}

TORTURE(40, 0) {
  destroyed = 0;
  EXPECT(run(counter(10)) == 10 && destroyed == 1);
  EXPECT(run(chain(2000)) == 1999 * 1000);
  try {
    run(fails(10));
    EXPECT(!"reached");
  } catch (const std::runtime_error &) {
    EXPECT(destroyed == 12);
  }
  Task moved = counter(6);
  for (int i = 0; i < 3; ++i) {
    moved.handle.resume();
    std::thread([&] { moved.handle.resume(); }).join();
  }
  EXPECT(moved.handle.promise().value == 5);
  moved.handle.destroy();
  EXPECT(destroyed == 13);
}
