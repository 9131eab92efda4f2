// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// stack_args of a record: 0 where all arguments come in registers, although the caller's frame may have room for
// them and the function saves LR and CR in it; else the words of that room as well. The same for ppc64.
// RUN: %cc -O2 -c -o %t.o %s && %readelf -x luge_sites %t.o | %check
int call(int x);
int eight(int a, int b, int c, int d, int e, int f, int g, int h) { return call(a + b + c + d + e + f + g + h) + 1; }
long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  return call((int)(a + b + c + d + e + f + g + h)) + i;
}
int any(int n, ...) { return call(n) + 1; }
long many(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, double k, long l) {
  return a + b + c + d + e + f + g + h + i + j + (long)k + l;
}

// ALL: 0x00000000 00000000 00000000 00000000 00000000
// ALL: 0x00000010 00000000 00000000 00000000 00000009
// ALL: 0x00000020 00000000 00000000 00000000 000000ff
// ALL: 0x00000030 00000000 00000000 00000000 0000000c
