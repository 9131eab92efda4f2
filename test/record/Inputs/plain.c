/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A program and a library that know nothing of Luge. `lib` is -DLIBRARY. */
#ifdef LIBRARY
__attribute__((noinline)) long library_leaf(long n) { return n + 1; }
long library_entry(long n) {
  long (*volatile f)(long) = library_leaf;
  return f(n) * 2;
}
#else
#include <stdio.h>
long library_entry(long n);
__attribute__((noinline)) long square(long n) {
  __asm__ volatile("");
  return n * n;
}
int main(void) {
  long sum = 0;
  for (long i = 0; i < 1000; i++)
    sum += square(i) + library_entry(i);
  printf("%ld\n", sum);
  return 0;
}
#endif
