// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The function's address, which is the sled's, has the function's line, and the FDE begins there; so an
// unwinder that looks at an address inside of the sled finds the function.
// MATRIX: defect-6
// REQUIRES: runs
// RUN: %cc -O2 -g -gdwarf-4 -fPIC -c -o %t.o %s
// RUN: %link -shared -nostdlib -o %t.so %t.o
// RUN: %nm %t.so > %t.txt
// RUN: %dwarfdump --debug-line %t.so >> %t.txt
// RUN: %dwarfdump --eh-frame %t.so >> %t.txt
// RUN: %check(LINE) < %t.txt

int outside;
int f(int x) {
  return x + outside;
}

// LINE: [[#%.16x,F:]] T f
// LINE: 0x[[#%.16x,F]] {{ *}}14
// LINE: FDE {{.*}} pc=[[#%.8x,F]]...
