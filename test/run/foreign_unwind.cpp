// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exceptions through foreign functions that are traced, and callbacks that are left by longjmp or an exception.
// RUN: %bare_cxx -O2 -fpatchable-function-entry=7,2 -I%source/runtime/include %s -o %t -L%luge_lib -Wl,-rpath,%luge_lib -lluge
// RUN: %t | %check
// RUN: %bare_cxx -O2 -fpatchable-function-entry=5 -ffunction-sections -Wl,--gc-sections -I%source/runtime/include %s -o %t -L%luge_lib -Wl,-rpath,%luge_lib -lluge
// RUN: %t | %check
// ALL: 0 failures
#include <csetjmp>
#include <cstdio>
#include <stdexcept>

#include <luge/ftrace.h>

#include "Inputs/check.h"

#define UNTRACED __attribute__((patchable_function_entry(0, 0)))

static long (*volatile again)(long);
template <typename T> __attribute__((noinline)) T throws(T n) {
  if (n == 0)
    throw std::runtime_error("end");
  return again(n - 1) + 1;
}

struct Guard {
  int &left;
  UNTRACED ~Guard() { ++left; }
};

__attribute__((noinline)) static long outer(long n, int &left) {
  Guard guard{left};
  try {
    return again(n);
  } catch (const std::exception &) {
    return -n;
  }
}

static volatile long calls;
static volatile int leave; // 1: by longjmp, 2: by an exception
static jmp_buf back;
UNTRACED static void note(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) {
  calls = calls + 1;
  int how = leave;
  leave = 0;
  if (how == 1)
    longjmp(back, 1);
  if (how == 2)
    throw 5;
}

int main() {
  again = throws<long>;
  int left = 0;
  long sum = 0;
  ftrace_ops ops = {};
  ops.func = note;
  EXPECT(register_ftrace_function(&ops) == 0);
  calls = 0;
  for (int i = 0; i < 20; ++i)
    sum += outer(i, left);
  EXPECT(sum == -190 && left == 20);
  EXPECT(calls >= 20 + 210); // outer; throws, i + 1 times each
  if (!setjmp(back)) {
    leave = 1;
    outer(3, left);
    EXPECT(!"not left by longjmp");
  }
  int caught = 0;
  try {
    leave = 2;
    outer(3, left);
  } catch (int n) {
    caught = n;
  }
  EXPECT(caught == 5);
  calls = 0;
  EXPECT(outer(3, left) == -3 && calls >= 5);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  calls = 0;
  EXPECT(outer(3, left) == -3 && calls == 0);
  std::printf("%d failures\n", failures);
  return failures != 0;
}
