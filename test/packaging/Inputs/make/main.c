/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <math.h>
#include <stdio.h>
int one(void), two(void), sum(int, int), diff(int, int), cpu_word(void);
int main(int argc, char **argv) {
  (void)argv;
  printf("%d %d %d %.0f\n", sum(one(), two()), diff(two(), one()), cpu_word(), sqrt(argc + 15.0));
  return 0;
}
