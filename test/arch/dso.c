// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A shared library and a program with sleds: both register themselves, once, and every sled of both runs.
// The records are read-only without a dynamic relocation, else -z text would refuse to link.
// MATRIX: defect-14
// REQUIRES: runs
// RUN: %driver -o %t.driver.o
// RUN: env LUGE_PLUGIN='exits=on names=on' %cc -O2 -fPIC -DLIBRARY -c -o %t.lib.o %s
// RUN: env LUGE_PLUGIN='exits=on names=on' %cc -O2 -fPIC -DOTHER -c -o %t.other.o %s
// RUN: %link -shared -Wl,-z,text %t.lib.o %t.other.o -o %t.so
// RUN: %readelf -SW %t.so | %check(SECTION)
// RUN: env LUGE_PLUGIN='exits=on names=on' %cc -O2 -fPIE -c -o %t.main.o %s
// RUN: %link %t.main.o %t.driver.o %t.so -rdynamic -Wl,-rpath,%T -o %t.exe
// RUN: env LUGE_PATCH=0 %run %t.exe 2>&1 | %check(OFF)
// RUN: %run %t.exe 2>&1 | %check(ON)

#define NOINLINE __attribute__((noinline))
int in_library(int x), in_other(int x);
extern int of_library;

#if defined LIBRARY
int of_library = 7;
NOINLINE static int local(int x) { return x * of_library; }
int in_library(int x) { return local(x) + local(x + 1); }
#elif defined OTHER
int in_other(int x) { return in_library(x) + of_library; }
#else
#include <stdio.h>
int main(void) {
  printf("result %d %d\n", in_library(3), in_other(4));
  fflush(stdout);
  return 0;
}
#endif

// SECTION: luge_sites PROGBITS {{[0-9a-f ]+}} A
// OFF: result 49 70
// OFF: patched 0 + 0, ran 0 in, 0 out
// ON: result 49 70
// ON: patched 4 + 4, ran 8 in, 8 out
