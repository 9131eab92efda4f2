// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -fsanitize=function -fno-sanitize-recover=function puts a signature of the type beside the label, which every indirect call checks:
// before the label since LLVM 17, behind it, and before the sled, up to 16. A prefix goes before both.
// MATRIX: interplay-function-sanitizer
// CANNOT(gcc): GCC has no -fsanitize=function
// CANNOT(clang-14 clang-16): clang 14 and 16 have -fsanitize=function for x86 only
// CANNOT(ppc64): clang has no -fsanitize=function for big-endian PowerPC: "unsupported option"
// REQUIRES: clang
// UNSUPPORTED: ppc64 || (!x86 && (clang-14 || clang-16))
// RUN: %both %t %cxx -O1 -fsanitize=function %if x86 %{-fno-sanitize-recover=function%} %else %{-fsanitize-trap=function%} %s
// RUN: %if x86_64 %{ %both -f nop -o nops=16,11 %t.1 %cxx -O0 -fsanitize=function -fno-sanitize-recover=function %s %}
// RUN: %if x86_64 %{ %sites %t.1.nop.o | %check(SITE) %}
// SITE: calls{{.*}} nop sled=+{{[0-9]+}} prefix=11
#include <cstdio>

#define NOINLINE __attribute__((noinline))
NOINLINE int add(int a, int b) { return a + b; }
NOINLINE int subtract(int a, int b) { return a - b; }
NOINLINE int multiply(int a, int b) { return a * b; }
NOINLINE double half(double x) { return x / 2; }
NOINLINE double twice(double x) { return x * 2; }
int (*volatile binary[])(int, int) = {add, subtract, multiply};
double (*volatile unary[])(double) = {half, twice};
NOINLINE int calls(int n) {
  int total = 0;
  for (int i = 0; i < n; ++i)
    total += binary[i % 3](total, i);
  return total;
}
NOINLINE double calls_double(int n) { return n ? unary[n & 1](calls_double(n - 1)) : 1; }
NOINLINE int last(int x) { return binary[x % 3](x, x); }

int main() {
  std::printf("%d %g %d\n", calls(20), calls_double(9), last(4) + last(5));
  return 0;
}
