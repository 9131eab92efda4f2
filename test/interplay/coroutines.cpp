// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Coroutines: ramp, resume and destroy functions are entered and left; symmetric transfer from one to another
// is an indirect tail call, which LLVM cannot make for MIPS and, up to 14, PowerPC. An exception leaves a resumption
// (at -O0 also the handle's resume and the promise's unhandled_exception) without an exit.
// MATRIX: interplay-coroutines
// RUN: %both -l 1 %t %cxx -std=c++20 -O2 %if gcc-11 %{-fcoroutines%} %s
// RUN: %check(SITES) < %t.toggle.sites
// RUN: %if x86_64 %{ %both -f nop -l 3 %t.0 %cxx -std=c++20 -O0 %if gcc-11 %{-fcoroutines%} %s %}
// SITES-GCC:  {{actor.*kind=}}
// SITES-LLVM: {{\.resume.*kind=}}
#include <cstdio>

namespace std {
template <class R, class... A> struct coroutine_traits { using promise_type = typename R::promise_type; };
template <class P = void> struct coroutine_handle;
template <> struct coroutine_handle<void> {
  void *p = nullptr;
  static coroutine_handle from_address(void *a) noexcept { coroutine_handle h; h.p = a; return h; }
  void *address() const noexcept { return p; }
  void resume() const { __builtin_coro_resume(p); }
  void destroy() const { __builtin_coro_destroy(p); }
  bool done() const { return __builtin_coro_done(p); }
};
template <class P> struct coroutine_handle : coroutine_handle<> {
  static coroutine_handle from_address(void *a) noexcept { coroutine_handle h; h.p = a; return h; }
  static coroutine_handle from_promise(P &promise) {
    coroutine_handle h;
    h.p = __builtin_coro_promise(&promise, alignof(P), true);
    return h;
  }
  P &promise() const { return *static_cast<P *>(__builtin_coro_promise(p, alignof(P), false)); }
};
struct suspend_always {
  bool await_ready() noexcept { return false; }
  void await_suspend(coroutine_handle<>) noexcept {}
  void await_resume() noexcept {}
};
} // namespace std

#define NOINLINE __attribute__((noinline))
volatile int sink;
NOINLINE int leaf(int x) { return x + sink; }

struct Task {
  struct promise_type {
    std::coroutine_handle<> next;
    int value = 0;
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int v) { value = leaf(v); return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  std::coroutine_handle<promise_type> handle;
};
// From one coroutine straight into another.
struct Transfer {
  std::coroutine_handle<> to;
  bool await_ready() noexcept { return false; }
#if defined __clang__ && (defined __mips__ || (defined __powerpc64__ && __clang_major__ < 16))
  void await_suspend(std::coroutine_handle<>) noexcept { to.resume(); }
#else
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return to; }
#endif
  void await_resume() noexcept {}
};

NOINLINE Task counts(int n) {
  for (int i = 0; i < n; ++i)
    co_yield i * 3;
}
NOINLINE Task transfers(Task other, int n) {
  for (int i = 0; i < n; ++i)
    co_await Transfer{other.handle};
}
NOINLINE Task throws(int x) {
  co_yield x;
  if (x)
    throw x;
}
NOINLINE int sum(Task task) {
  int total = 0;
  while (task.handle.resume(), !task.handle.done())
    total += task.handle.promise().value;
  task.handle.destroy();
  return total;
}

int main() {
  std::printf("%d %d\n", sum(counts(10)), sum(counts(0)));
  Task one = counts(8), two = transfers(one, 5);
  for (int i = 0; i < 4; ++i) {
    two.handle.resume();
    std::printf("%d ", one.handle.promise().value);
  }
  one.handle.destroy();
  two.handle.destroy();
  Task bad = throws(7);
  bad.handle.resume();
  try {
    bad.handle.resume();
  } catch (int x) {
    std::printf("%d\n", x);
  }
  bad.handle.destroy();
  return 0;
}
