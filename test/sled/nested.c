// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A nested function (GNU C) is entered with the static chain in r10: the record says so. The
// function around it keeps its frame address for the debugger (__builtin_dwarf_cfa).
// MATRIX: interplay-nested
// REQUIRES: gcc
// RUN: %cc -O1 -c -o %t.o %s
// RUN: %sites %t.o | %check(SITES)

// SITES-DAG: inner{{.*}} flags=chain
// SITES-DAG: outer {{.*}} flags=return-seen
int apply(int (*f)(int));
int outer(int x) {
  __attribute__((noinline)) int inner(int y) { return x += y; }
  return inner(1) + apply(inner);
}
