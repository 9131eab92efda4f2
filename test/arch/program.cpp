// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every sled of a C++ program switched on: exceptions through, caught in and rethrown by patched functions,
// destructors on the way, virtual calls with multiple inheritance, static initialisers, lambdas. The output
// is that of the program as it was compiled. A function that an exception leaves has an entry and no exit:
// exactly seven.
// REQUIRES: runs
// RUN: %driver -o %t.driver.o
// RUN: %patched_cxx(flavour=toggle exits=on; -O2; 7; %s; %t.1)
// RUN: %patched_cxx(exits=on; -O0; 7; %s; %t.2)
// RUN: %patched_cxx(exits=on; -Os -fPIE -g; 7; %s; %t.3)
#include <cstdio>
#include <stdexcept>
#include <string>

#define NOINLINE __attribute__((noinline))

int destroyed;
struct Guard {
  int n;
  explicit Guard(int n) : n(n) {}
  NOINLINE ~Guard() { destroyed += n; }
};

NOINLINE int thrower(int n) {
  Guard guard(n);
  if (n == 0)
    throw std::runtime_error("thrown");
  return thrower(n - 1) + 1;
}
NOINLINE int rethrower(int n) {
  try {
    return thrower(n);
  } catch (const std::runtime_error &) {
    if (n > 3)
      throw;
    return -n;
  }
}
NOINLINE std::string catcher(int n) {
  try {
    rethrower(n);
  } catch (const std::exception &e) {
    return e.what();
  }
  return "none";
}

struct Base {
  virtual int id(int x) { return x; }
  virtual ~Base() = default;
};
struct Other {
  virtual int other(int x) = 0;
  virtual ~Other() = default;
};
struct Both : Base, Other {
  NOINLINE int id(int x) override { return x * 2; }
  NOINLINE int other(int x) override { return id(x) + 1; }
};
NOINLINE int call_both(Base &b, Other &o) { return b.id(5) + o.other(6); }

template <typename F> NOINLINE int apply(F f, int x) { return f(x); }

struct Static {
  std::string text;
  Static() : text(std::string(3, 's') + "tatic") {}
};
static Static at_start;

int main() {
  Both both;
  std::printf("%s %d\n", catcher(5).c_str(), destroyed);
  std::printf("%d %s\n", call_both(both, both), at_start.text.c_str());
  int captured = 4;
  std::printf("%d\n", apply([&](int x) { return x * captured; }, 6));
  return 0;
}
