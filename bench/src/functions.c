/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The functions that are called: the only file of the microbenchmark that gets a tracer's flags. */
#define OUT_OF_LINE __attribute__((noinline))
#define IN_REGISTER(x) __asm__ volatile("" : "+r"(x))

OUT_OF_LINE void leaf(void) { __asm__ volatile(""); }

OUT_OF_LINE long fib(long n) {
  if (n < 2)
    return n;
  long a = fib(n - 1);
  IN_REGISTER(a); /* neither a loop nor a tail call is made of it */
  long b = fib(n - 2);
  IN_REGISTER(b);
  return a + b;
}

OUT_OF_LINE long five(long a, long b, long c, long d, long e) {
  IN_REGISTER(a);
  IN_REGISTER(e);
  return a + b + c + d + e;
}

OUT_OF_LINE double doubles(double a, double b, double c) {
  __asm__ volatile("" : "+x"(a));
  return a * b + c;
}

/* Entry and exit far apart. */
OUT_OF_LINE long chain(long depth) {
  long r = depth ? chain(depth - 1) + 1 : 0;
  IN_REGISTER(r);
  return r;
}
