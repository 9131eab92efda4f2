// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of a coroutine (ramp, resume, destroy) are functions: each has its sled. <coroutine> is
// written out: clang 14 cannot use the one of libstdc++ 12.
// MATRIX: interplay-coroutines
// RUN: %cxx -std=c++20 -O0 -c -o %t.o %s %if gcc-11 %{-fcoroutines%}
// RUN: %sites %t.o > %t.sites
// RUN: %check(PARTS) < %t.sites
// RUN: %if gcc %{ %sites --live %t.o --except='luge_module_*' %}
// RUN: %cxx -std=c++20 -O2 -c -o %t.o %s %opt(flavour=toggle) %if gcc-11 %{-fcoroutines%}
// RUN: %sites %t.o | %check(RAMP)
// RUN: %sites --live %t.o --except='luge_module_*,*.cold,__clang_call_terminate'

// PARTS-DAG:      {{^}}_Z7counterv nop
// PARTS-GCC-DAG:  {{^}}_Z7counterP{{.*}}17_Z7counterv.Frame.actor nop
// PARTS-GCC-DAG:  {{^}}_Z7counterP{{.*}}17_Z7counterv.Frame.destroy nop
// PARTS-LLVM-DAG: {{^}}_Z7counterv.resume nop
// PARTS-LLVM-DAG: {{^}}_Z7counterv.destroy nop
// PARTS-LLVM-DAG: {{^}}_Z7counterv.cleanup nop
// RAMP:           {{^}}_Z7counterv toggle
namespace std {
template <class R, class... A> struct coroutine_traits { using promise_type = typename R::promise_type; };
template <class P = void> struct coroutine_handle;
template <> struct coroutine_handle<void> {
  void *p = nullptr;
  static coroutine_handle from_address(void *a) { coroutine_handle h; h.p = a; return h; }
  void resume() { __builtin_coro_resume(p); }
  void *address() const { return p; } // GCC 15 wants it
};
template <class P> struct coroutine_handle : coroutine_handle<> {
  static coroutine_handle from_address(void *a) { coroutine_handle h; h.p = a; return h; }
};
struct suspend_always {
  bool await_ready() noexcept { return false; }
  void await_suspend(coroutine_handle<>) noexcept {}
  void await_resume() noexcept {}
};
} // namespace std

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
void work(int);
Task counter() {
  work(1);
  co_await std::suspend_always{};
  work(2);
}
