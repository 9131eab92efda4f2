// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An indirect tail call with every argument register in use and a structure result: LLVM has its target in
// x9, which the stub of the exit must then leave alone; with BTI it is in x16. GCC makes no tail call of this.
// MATRIX: exits
// RUN: %driver -o %t.driver.o
// RUN: %patched(flavour=toggle exits=on; -O2 -mbranch-protection=none; %s; %t.1)
// RUN: %patched(exits=on; -O2 -mbranch-protection=standard; %s; %t.2)
// RUN: %cc -O2 -mbranch-protection=none -c -o %t.o %s %opt(flavour=toggle) %opt(exits=on)
// RUN: %objdump -drj .text --no-leading-addr %t.o | %check(SHAPE)
#include <stdio.h>
#define NOINLINE __attribute__((noinline))
struct Big { long a[6]; };
typedef struct Big function(long, long, long, long, long, long, long, long);
extern function *table[];
NOINLINE struct Big through(long a, long b, long c, long d, long e, long f, long g, long h) {
  return table[0](a, b, c, d, e, f, g, h);
}
NOINLINE struct Big target(long a, long b, long c, long d, long e, long f, long g, long h) {
  struct Big big = {{a + b, c + d, e + f, g + h, a, h}};
  return big;
}
function *table[] = {target};
NOINLINE long one(long x) { return x + 1; }
NOINLINE long two(long x) { return one(x) * 2; }
NOINLINE long three(long x) { return two(x) * 3; }
NOINLINE long four(long x) { return three(x) * 4; }
int main(void) {
  long sum = 0;
  for (int i = 0; i < 10; ++i)
    sum += through(1, 2, 3, 4, 5, 6, 7, i).a[3] + four(i);
  printf("%ld\n", sum);
  return 0;
}
// SHAPE:           <through>:
// SHAPE-NEXT:      d503201f nop
// SHAPE-LLVM:      d503201f nop
// SHAPE-LLVM-NEXT: d61f0120 br x9
// SHAPE-LLVM:      10000010 adr x16,
// SHAPE-LLVM-NEXT: ldrsw x17,
// SHAPE-LLVM-NEXT: 8b110210 add x16, x16, x17
// SHAPE-LLVM-NEXT: f9400211 ldr x17, [x16]
// SHAPE-LLVM-NEXT: d61f0220 br x17
