// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// entries=pfe for others: Debian's uftrace finds our table, patches our NOPs and traces. It looks for its NOP
// right at the entry, as with the stock compilers, so without -fcf-protection=branch.
// MATRIX: defect-14
// REQUIRES: uftrace
// RUN: %cc -O2 -g -fcf-protection=none %s -o %t %opt(entries=pfe) %opt(nops=5)
// RUN: rm -rf %t.data
// RUN: uftrace record --no-libcall -d %t.data -P . %t
// RUN: uftrace replay -d %t.data -f none | %check
// ALL:      main() {
// ALL-NEXT:   middle() {
// ALL-NEXT:     leaf();
// ALL-NEXT:   } /* middle */
// ALL-NEXT: } /* main */
#include <stdio.h>
__attribute__((noinline)) int leaf(int x) { return x + 1; }
__attribute__((noinline)) int middle(int x) { return leaf(x) * 2; }
int main(void) {
  printf("%d\n", middle(3));
  return 0;
}
