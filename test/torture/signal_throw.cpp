// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With -fnon-call-exceptions a handler throws out of the instruction that has faulted, through traced frames
// and through the trampolines that lie between them.
// RUN: %compile_cxx -fnon-call-exceptions %if clang %{ -fasynchronous-unwind-tables %} && %users
#include <signal.h>

#include <stdexcept>

#include "torture.h"

static volatile long sink;
static long destroyed;
struct Guard {
  NOINLINE ~Guard() { ++destroyed; }
};

NOINLINE static void handler(int, siginfo_t *info, void *) {
  throw std::runtime_error(info->si_addr == reinterpret_cast<void *>(64) ? "here" : "elsewhere");
}
// Only gcc gives a load a landing pad: the destructor here may not run, those of the frames around it do.
NOINLINE static long faults(volatile long *where) {
  Guard guard;
  sink = 1;
  long value = *where;
  sink = value;
  return value;
}
static long (*volatile faulting)(volatile long *) = faults; // clang must not see that nothing is called
NOINLINE static long between(long n, volatile long *where) {
  Guard guard;
  long value = n ? between(n - 1, where) : faulting(where);
  sink = value;
  return value + 1;
}
NOINLINE static long caught(volatile long *where) {
  try {
    return between(3, where);
  } catch (const std::runtime_error &e) {
    return e.what()[0];
  }
}

TORTURE(200, 0) {
  struct sigaction action = {}, was;
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &action, &was);
  long good = 5;
  for (int i = 0; i < 5; ++i) {
    destroyed = 0;
    EXPECT(caught(&good) == 5 + 4 && destroyed == 5);
    destroyed = 0;
    EXPECT(caught(reinterpret_cast<volatile long *>(64)) == 'h' && destroyed >= 4);
  }
  sigaction(SIGSEGV, &was, nullptr);
}
