// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An object that, while it is being loaded, loads another one and calls into it, and unloads it in its destructor:
// registration within registration.
// RUN: %compile_cxx -DINNER -fPIC -shared -o %t.inner.so && %compile_cxx -DOUTER -fPIC -shared -o %t.outer.so
// RUN: %compile_cxx && %users %t.outer.so %t.inner.so
#if defined INNER
static volatile int sink;
__attribute__((noinline)) static int at_load() { sink = 1; return 41; }
static int value = at_load();
extern "C" __attribute__((noinline)) int inner_function(int x) { sink = x; return x + value; }
#elif defined OUTER
#include <dlfcn.h>
#include <stdlib.h>
static struct Loader {
  void *handle;
  int (*function)(int);
  __attribute__((noinline)) Loader() : handle(dlopen(getenv("TORTURE_INNER"), RTLD_NOW)) {
    function = reinterpret_cast<int (*)(int)>(dlsym(handle, "inner_function"));
  }
  __attribute__((noinline)) ~Loader() { function(1), dlclose(handle); }
} loader;
extern "C" __attribute__((noinline)) int outer_function(int x) { return loader.function(x) + 1; }
#else
#include <dlfcn.h>
#include <stdlib.h>

#include "torture.h"

static const char *outer;
UNTRACED int torture_setup(int argc, char **argv) {
  if (argc < 3)
    return 2;
  outer = argv[1];
  setenv("TORTURE_INNER", argv[2], 1);
  return -1;
}

NOINLINE static int call(int (*f)(int), int x) { OPAQUE(); return f(x); }

TORTURE(100, 0) {
  void *handle = dlopen(outer, RTLD_NOW);
  if (!handle)
    return EXPECT(handle);
  auto f = reinterpret_cast<int (*)(int)>(dlsym(handle, "outer_function"));
  for (int i = 0; i < 20; ++i)
    EXPECT(call(f, i) == i + 42);
  EXPECT(dlclose(handle) == 0);
}
#endif
