// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two threads load, call and unload the same object, a reference each, while every function is switched on and off:
// the object goes when the last reference goes, never under a caller or under the patcher. Its constructors
// and destructors call traced functions; a thread-local object of it is destroyed by the thread's exit.
// RUN: %compile_cxx -DOBJECT -fPIC -shared -o %t.so && %compile_cxx && %users %t.so
#ifdef OBJECT
static volatile int sink;
struct Life {
  int value;
  __attribute__((noinline)) Life() : value(1) { sink = value; }
  __attribute__((noinline)) ~Life() { sink = 0; }
};
static Life life;
__attribute__((noinline)) static int inner(int x) { sink = x; return x + life.value; }
extern "C" __attribute__((noinline)) int object_function(int x) { return inner(x) + inner(x + 1); }
extern "C" __attribute__((noinline)) int object_throws(int x) {
  Life guard;
  if (inner(x))
    throw x;
  return x;
}
#else
#include <dlfcn.h>

#include <thread>

#include "torture.h"

static const char *object;
UNTRACED int torture_setup(int argc, char **argv) {
  object = argv[1];
  return argc < 2 ? 2 : -1;
}

NOINLINE static int caught(int (*f)(int), int x) {
  try {
    f(x);
  } catch (int thrown) {
    return thrown;
  }
  return -1;
}

NOINLINE static void loads() {
  for (int i = 1; i < 5; ++i) {
    void *handle = dlopen(object, i % 2 ? RTLD_NOW : RTLD_LAZY);
    if (!handle)
      return EXPECT(handle);
    auto f = reinterpret_cast<int (*)(int)>(dlsym(handle, "object_function"));
    auto throws = reinterpret_cast<int (*)(int)>(dlsym(handle, "object_throws"));
    for (int k = 0; k < 50; ++k)
      EXPECT(f(k) == 2 * k + 3);
    EXPECT(caught(throws, i) == i);
    EXPECT(dlclose(handle) == 0);
  }
}

TORTURE(20, 0) {
  std::thread a(loads), b(loads);
  loads();
  a.join();
  b.join();
}
#endif
