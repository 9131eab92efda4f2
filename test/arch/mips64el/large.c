// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that the branch of its stub could not cross compiles: without a sled in the toggle flavour, which
// the report says, and with NOPs but no stub otherwise.
// RUN: rm -f %t.report
// RUN: env LUGE_PLUGIN='flavour=toggle exits=on report=%t.report' %cc -O1 -c -o %t.o %s
// RUN: env LUGE_PLUGIN='flavour=nop exits=on report=%t.report' %cc -O1 -c -o %t.o %s
// RUN: %check(REPORT) < %t.report

#define TEN(x) x x x x x x x x x x
volatile int v;
void large(int x) { TEN(TEN(TEN(v = v * 3 + x; v = v ^ x;))) TEN(TEN(TEN(v = v * 5 + x; v = v | x;))) TEN(TEN(TEN(v = v * 7; v = v - x;))) TEN(TEN(TEN(v = v * 3 + x; v = v ^ x;))) TEN(TEN(TEN(v = v * 5 + x; v = v | x;))) }

// REPORT:      left larger than its stub's branch reaches {{.*}} large
// REPORT-NEXT: taken default {{.*}} large
