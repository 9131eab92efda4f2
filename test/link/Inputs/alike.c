// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two functions of the same instructions.
#include <stdio.h>

__attribute__((noinline)) int first(int x) { return x * 2 + 1; }
__attribute__((noinline)) int second(int x) { return x * 2 + 1; }
int main(int argc, char **argv) {
  (void)argv;
  printf("%d %d\n", first(20 + argc), second(20 + argc));
}
