// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A callback throws, or leaves by longjmp, out of the function that it was called for; another one catches inside.
// The callers handle it as if the function had done it, and the callback can be unregistered afterwards.
// RUN: %compile_cxx -fexceptions && %users
#include <setjmp.h>

#include "torture.h"

static jmp_buf back;
static int destroyed, calls;
struct Guard {
  NOINLINE ~Guard() { OPAQUE(); ++destroyed; }
};
static void (*volatile may_throw)(); // or the compiler would know that victim does not, and callers need not care
NOINLINE static long victim(long x) {
  if (may_throw)
    may_throw();
  return x + 1;
}
NOINLINE static long around(long x) {
  Guard guard;
  return victim(x) + 1;
}
NOINLINE static long inner_throw(long x) {
  try {
    throw x;
  } catch (long y) {
    return y;
  }
}

UNTRACED static void throws(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) { throw 7; }
UNTRACED static void jumps(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) { longjmp(back, 9); }
UNTRACED static void catches(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) {
  calls += inner_throw(1) == 1;
}

NOINLINE static int thrown() {
  try {
    return static_cast<int>(around(1));
  } catch (int n) {
    return n;
  }
}

UNTRACED static void with(ftrace_func_t func, void (*what)()) {
  ftrace_ops ops = {};
  ops.func = func;
  EXPECT(ftrace_set_filter(&ops, "victim*", 7, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  what();
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
  EXPECT(victim(1) == 2);
}

TORTURE(60, OWN_USERS | LEAVES_CALLS) { // whether victim has been entered for other users depends on their order
  with(throws, [] {
    destroyed = 0;
    for (int i = 0; i < 10; ++i)
      EXPECT(thrown() == 7);
    EXPECT(destroyed == 10);
  });
  with(jumps, [] {
    for (volatile int i = 0; i < 10; i = i + 1)
      if (int n = setjmp(back))
        EXPECT(n == 9);
      else {
        victim(1);
        EXPECT(!"reached");
      }
  });
  with(catches, [] {
    calls = 0;
    for (int i = 0; i < 10; ++i)
      EXPECT(around(i) == i + 2);
    EXPECT(calls == 10);
  });
}
