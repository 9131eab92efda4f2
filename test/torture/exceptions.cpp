// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exceptions through traced frames with and without cleanups, caught in one, rethrown by one, thrown by a
// destructor's callee, carried to another thread, stopped by noexcept; forced unwinding by pthread_exit through
// catch (...).
// RUN: %compile_cxx && %users
// RUN: %if clang-22 %{ %compile_cxx -fsanitize=address && %t %}
// RUN: %if gcc-12 %{ %compile_cxx -fsanitize=address && %t %}
// RUN: %if clang-22 %{ %compile_cxx -fsanitize=thread && %t %}
// RUN: %if gcc-12 %{ %compile_cxx -fsanitize=thread && %t %}
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

#include "torture.h"

static thread_local int destroyed;
struct Guard {
  NOINLINE ~Guard() { OPAQUE(); ++destroyed; }
};
NOINLINE static void thrower(int n, int stack_argument_1, int c, int d, int e, int f, int g) {
  OPAQUE();
  if (n == 0)
    throw std::runtime_error(std::to_string(stack_argument_1 + c + d + e + f + g));
  thrower(n - 1, stack_argument_1, c, d, e, f, g);
  OPAQUE();
}
NOINLINE static void with_cleanup(int n) {
  Guard guard;
  if (n)
    with_cleanup(n - 1);
  else
    thrower(5, 1, 2, 3, 4, 5, 6);
  OPAQUE();
}
NOINLINE static void rethrows(int n) {
  try {
    if (n)
      rethrows(n - 1);
    else
      with_cleanup(3);
  } catch (const std::exception &) {
    Guard guard;
    throw;
  }
  OPAQUE();
}
NOINLINE static void replaces() {
  try {
    rethrows(3);
  } catch (const std::runtime_error &e) {
    std::throw_with_nested(std::logic_error("outer"));
  }
}
NOINLINE static std::string unpack() {
  try {
    replaces();
  } catch (const std::logic_error &outer) {
    try {
      std::rethrow_if_nested(outer);
    } catch (const std::runtime_error &inner) {
      return std::string(outer.what()) + inner.what();
    }
  }
  return "";
}
struct ThrowsInside { // a destructor that throws and catches while another exception is under way
  NOINLINE ~ThrowsInside() {
    try {
      thrower(2, 1, 1, 1, 1, 1, 1);
    } catch (...) {
      ++destroyed;
    }
  }
};
NOINLINE static void two_at_once() {
  ThrowsInside inside;
  with_cleanup(2);
}
NOINLINE static void no_exception() noexcept { thrower(3, 1, 1, 1, 1, 1, 1); }
NOINLINE static void *forced(void *) {
  Guard guard;
  try {
    Guard inner;
    pthread_exit(reinterpret_cast<void *>(5));
  } catch (...) {
    ++destroyed;
    throw;
  }
}

TORTURE(40, 0) {
  destroyed = 0;
  EXPECT(unpack() == "outer21" && destroyed == 4 + 4);
  destroyed = 0;
  try {
    two_at_once();
    EXPECT(!"reached");
  } catch (const std::runtime_error &e) {
    EXPECT(std::string(e.what()) == "21" && destroyed == 4);
  }
  std::exception_ptr carried;
  std::thread([&] {
    try {
      rethrows(2);
    } catch (...) {
      carried = std::current_exception();
    }
  }).join();
  try {
    std::rethrow_exception(carried);
  } catch (const std::runtime_error &e) {
    EXPECT(std::string(e.what()) == "21");
  }
  pthread_t t;
  void *result;
  pthread_create(&t, nullptr, forced, nullptr);
  pthread_join(t, &result);
  EXPECT(result == reinterpret_cast<void *>(5));
  pid_t pid = fork();
  if (!pid) {
    std::set_terminate([] { _exit(33); });
    no_exception();
    _exit(1);
  }
  int status;
  EXPECT(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 33);
}
