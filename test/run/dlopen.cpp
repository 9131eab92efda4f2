// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// DSOs come and go, in a constructor too, while other threads call into one of them and tracing is
// switched on and off; filters wait for objects that are not loaded yet.
// RUN: %luge_cxx -O2 -fPIC -shared -DPLUGIN %s -o %t.so
// RUN: %luge_cxx -O2 -I%source/runtime/include %s -o %t -pthread -ldl
// RUN: env LUGE_FILE=%t.luge LUGE_TRACER=function_graph %t %t.so | %check
// RUN: %luge record -q --force -o %t.2 -- %t %t.so | %check
// RUN: %luge report --stable %t.2 | %check(REPORT)
// ALL: loads 203, wrong 0, calls seen by the waiting filter 200
// ALL-NEXT: 0 failures
// REPORT-DAG: {{^.* }}400 {{.*}}plugin_function
// REPORT-DAG: {{^.* }}200 {{.*}}plugin_inner
#ifdef PLUGIN
static volatile int sink;
__attribute__((noinline)) static int plugin_inner(int x) { sink = x; return x + 1; }
extern "C" __attribute__((noinline)) int plugin_function(int x) { sink = x; return x < 0 ? x : plugin_inner(x) + 1; }
static int at_load = plugin_function(-1); // traced before dlopen returns
#else
#include <dlfcn.h>
#include <luge/ftrace.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "Inputs/check.h"

static long seen;
static void count(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) { ++seen; }
static void ignore(unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) {}
static std::atomic<bool> stop;

static void toggle() {
  ftrace_ops ops = {};
  ops.func = ignore;
  while (!stop) {
    register_ftrace_function(&ops);
    unregister_ftrace_function(&ops);
  }
  ftrace_free_filter(&ops);
}

int main(int, char **argv) {
  ftrace_ops waiting = {};
  waiting.func = count;
  EXPECT(ftrace_set_filter(&waiting, "plugin_inner*", 13, 1) < 0); // nobody has such a function yet
  EXPECT(register_ftrace_function(&waiting) == 0);
  size_t sites = luge_site_count();
  std::thread other(toggle);
  int wrong = 0, loads = 0;
  for (int i = 0; i < 200; ++i, ++loads) {
    void *handle = dlopen(argv[1], RTLD_NOW);
    EXPECT(handle);
    auto f = reinterpret_cast<int (*)(int)>(dlsym(handle, "plugin_function"));
    wrong += f(i) != i + 2;
    dlclose(handle);
  }
  stop = true;
  other.join();
  EXPECT(luge_site_count() == sites);
  EXPECT(unregister_ftrace_function(&waiting) == 0);
  EXPECT(luge_set_tracer("nop", nullptr, nullptr) == 0);
  EXPECT(luge_sites_on() == 0);
  void *handle = nullptr;
  for (; loads < 203; ++loads)
    handle = dlopen(argv[1], RTLD_NOW); // one object, counted by the loader
  EXPECT(luge_site_count() > sites);
  EXPECT(dlsym(handle, "plugin_function"));
  ftrace_free_filter(&waiting);
  printf("loads %d, wrong %d, calls seen by the waiting filter %ld\n", loads, wrong, seen);
  printf("%d failures\n", failures);
  return failures != 0;
}
#endif
