/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
   Calls what functions.f90 or functions.rs defines, so that these need nothing of their language's library. */
#include <stdio.h>
int c_add(int a, int b) { return a + b; }
int c_before(int a) { return a - 1; }
int c_multiply(int a, int b) { return a * b; }
int f_leaf(int), f_two(int), f_tail(int), f_factorial(int), f_sum(const int *, int), f_even(int), f_choose(int);

int main(void) {
  const int words[6] = {3, 1, 4, 1, 5, 9};
  for (int i = 0; i < 6; ++i)
    printf("%d %d %d %d %d\n", f_leaf(i), f_two(i), f_tail(i), f_even(i), f_choose(i));
  printf("%d %d\n", f_factorial(9), f_sum(words, 6));
  return 0;
}
