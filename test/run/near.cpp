// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// luge-near.o: the callback of a function without vector arguments is called from the object that the function is in,
// also where a shared object registers it before the executable is there, after fork, and for objects that come and go.
// It may throw, leave by longjmp and look at the stack. An object of another version is left alone, one without the
// runtime does nothing.
// RUN: %luge_cxx -O2 -fPIC -shared -DPLUGIN %s -o %t.so
// RUN: %luge_cxx -O2 -fPIC -shared -DEARLY -I%source/runtime/include %s -o %t.early.so
// RUN: %luge_cxx -O2 -I%source/runtime/include %s %t.early.so -Wl,-rpath,%T -ldl -o %t
// RUN: %t %t.so near | %check
// RUN: sed 's/\$LUGE_NEAR_VERSION/$0/' %source/arch/x86_64/near.S > %t.S
// RUN: cc -c -I%source %t.S -o %t.o
// RUN: env LUGE_RUNTIME=none %luge_cxx -O2 -I%source/runtime/include %s %t.early.so %t.o %luge_lib/libluge.so -Wl,-rpath,%T:%luge_lib -ldl -o %t.other
// RUN: %t.other %t.so far | %check
// RUN: env LUGE_RUNTIME=none %luge_cxx -O2 -DPLUGIN -DALONE %s %luge_lib/luge-near.o %luge_lib/luge-near.o -o %t.alone
// RUN: %t.alone | %check(ALONE)
// RUN: env LD_PRELOAD=%luge_lib/libluge.so %t.alone | %check(ALONE)
// ALL: 0 failures
// ALONE: 42
#ifdef PLUGIN
static volatile int sink;
extern "C" __attribute__((noinline)) int plugin_function(int x) { sink = x; return x + 1; }
#ifdef ALONE
#include <cstdio>
int main() { std::printf("%d\n", plugin_function(41)); }
#endif
#else
#include <luge/ftrace.h>

#ifdef EARLY
extern void *early_from;
void *early_from;
static void note(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) { early_from = __builtin_return_address(0); }
static ftrace_ops ops;
__attribute__((constructor)) static void before_the_executable() {
  ops.func = note;
  ftrace_set_filter(&ops, "*early*", 7, 1);
  register_ftrace_function(&ops);
}
#else
#include <dlfcn.h>
#include <execinfo.h>
#include <setjmp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline))
extern void *early_from;
static volatile long sink, one = 1; // `one`: no copy for a constant argument
NOINLINE static long early(long x) { sink = x; return x + 1; }
NOINLINE static long target(long x) { sink = x; return 2 * x; }
static void (*volatile may_throw)(); // or callers of `thrower` need not care
NOINLINE static long thrower(long x) {
  if (may_throw)
    may_throw();
  return x + 1;
}

static const void *object_of(const void *address) {
  Dl_info info = {};
  dladdr(address, &info);
  return info.dli_fbase;
}

static void *volatile called_from;
static volatile long parent_seen;
static void note(unsigned long, unsigned long parent, ftrace_ops *, ftrace_regs *) {
  called_from = __builtin_return_address(0);
  void *frames[64];
  void **end = frames + backtrace(frames, 64);
  parent_seen = parent_seen + (std::find(frames, end, reinterpret_cast<void *>(parent)) != end);
}
static jmp_buf back;
static void throws(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) {
  called_from = __builtin_return_address(0);
  throw 7;
}
static void jumps(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) {
  called_from = __builtin_return_address(0);
  longjmp(back, 9);
}

static void start(ftrace_ops *ops, ftrace_func_t func, const char *filter) {
  *ops = {};
  ops->func = func;
  called_from = nullptr;
  EXPECT(ftrace_set_filter(ops, filter, std::strlen(filter), 1) == 0);
  EXPECT(register_ftrace_function(ops) == 0);
}
static void stop(ftrace_ops *ops) {
  EXPECT(unregister_ftrace_function(ops) == 0);
  ftrace_free_filter(ops);
}

static void leave_callbacks(const void *expected, const void *runtime) {
  ftrace_ops ops;
  start(&ops, throws, "*thrower*");
  for (int i = 0; i < 3; ++i) {
    int caught = 0;
    try {
      thrower(one);
    } catch (int n) {
      caught = n;
    }
    EXPECT(caught == 7 && object_of(called_from) == expected);
  }
  stop(&ops);
  start(&ops, jumps, "*thrower*");
  for (volatile int i = 0; i < 3; i = i + 1) {
    int how = setjmp(back);
    if (!how)
      thrower(one);
    EXPECT(how == 9 && object_of(called_from) == (i == 0 ? expected : runtime)); // the guard is still up
  }
  stop(&ops);
}

int main(int, char **argv) {
  const void *self = object_of(reinterpret_cast<void *>(main));
  const void *runtime = object_of(dlsym(RTLD_DEFAULT, "luge_near_register"));
  const void *expected = std::strcmp(argv[2], "near") ? runtime : self;
  EXPECT(runtime && runtime != self);
  EXPECT(early(one) == 2 && object_of(early_from) == runtime); // a thread's first call
  EXPECT(early(one) == 2 && object_of(early_from) == expected);

  ftrace_ops ops;
  start(&ops, note, "*target*");
  EXPECT(target(one) == 2 && object_of(called_from) == expected && parent_seen == 1);
  pid_t child = fork();
  if (!child) {
    target(one);
    called_from = nullptr;
    _exit(target(one) == 2 && object_of(called_from) == expected && parent_seen == 3 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT(status == 0);
  stop(&ops);
  leave_callbacks(expected, runtime);

  ops = {};
  ops.func = note;
  EXPECT(ftrace_set_filter(&ops, "plugin_function", 15, 1) < 0 && register_ftrace_function(&ops) == 0); // not there yet
  for (int i = 0; i < 3; ++i) {
    void *plugin = dlopen(argv[1], RTLD_NOW);
    auto *function = reinterpret_cast<int (*)(int)>(plugin ? dlsym(plugin, "plugin_function") : nullptr);
    EXPECT(function && function(1) == 2);
    EXPECT(object_of(called_from) == object_of(reinterpret_cast<void *>(function)));
    dlclose(plugin);
  }
  stop(&ops);
  printf("%d failures\n", failures);
  return failures != 0;
}
#endif
#endif
