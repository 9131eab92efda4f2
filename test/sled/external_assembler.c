// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Text for the system assembler gives the same object as clang's own.
// MATRIX: defect-2
// REQUIRES: clang
// RUN: %cc -fno-integrated-as -O2 -c -o %t.o %s %opt(flavour=toggle) %opt(names=on)
// RUN: %sites %t.o | %check
// RUN: %cc -fno-integrated-as -fcf-protection=branch -O2 -c -o %t.o %s %opt(nops=16,11) %opt(entries=both)
// RUN: %sites --pfe %t.o | %check(PFE)
// ALL: f toggle sled=+0
// ALL: g toggle sled=+0
// PFE: f pfe=-11
// PFE: g pfe=-11
int f(void) { return 1; }
int g(void) { return 2; }
