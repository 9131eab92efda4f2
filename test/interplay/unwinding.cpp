// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ways out that have no exit sled: an exception thrown through functions, longjmp, exit in the middle. What is
// caught, cleaned up and thrown again leaves by its sleds where it returns; noexcept functions keep theirs.
// MATRIX: interplay-exits
// RUN: %both -l 19 %t %cxx -O2 %s
// RUN: %if x86_64 %{ %both -l 19 -f nop %t.0 %cxx -O0 %s %}
// RUN: %if x86_64 %{ %both -l 19 -f toggle %t.1 %cxx -Os -fPIC -fno-plt %s %}
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#define NOINLINE __attribute__((noinline))
volatile int sink;
struct Guard {
  int &count;
  NOINLINE ~Guard() { ++count; }
};
NOINLINE int leaf(int x) { return x + sink; }
NOINLINE int thrower(int x) { // 5 times
  if (x > 2)
    throw leaf(x);
  return x;
}
NOINLINE int cleans(int x, int &count) { // 5 times
  Guard guard{count};
  return thrower(x) + 1;
}
NOINLINE int again(int x, int &count) { // 5 times
  try {
    return cleans(x, count);
  } catch (int) {
    sink = 0;
    throw;
  }
}
NOINLINE int catches(int x, int &count) noexcept {
  try {
    return again(x, count);
  } catch (int y) {
    return -y;
  }
}
jmp_buf target;
NOINLINE int jumps(int x) { // once
  if (x == 3)
    longjmp(target, x);
  return leaf(x);
}
NOINLINE int outer(int x) { return jumps(x) + 1; } // once
NOINLINE int returns_twice(int n) {
  volatile int i = 0;
  int back = setjmp(target);
  if (back)
    return back + i;
  for (; i < n; i = i + 1)
    outer(i);
  return 0;
}
NOINLINE void ends(int x) { // once, and main
  std::exit(leaf(x) - x);
}

int main() {
  int count = 0, total = 0;
  for (int i = 0; i < 8; ++i)
    total += catches(i, count);
  std::printf("%d %d %d\n", total, count, returns_twice(9));
  std::fflush(stdout);
  ends(5);
  return 1;
}
