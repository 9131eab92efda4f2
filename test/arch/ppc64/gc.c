// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Records are linked to the text section and not to .opd, which every function shares: --gc-sections drops
// what is dead, code and record. Stock clang 19 and 22 keep it all.
// MATRIX: defect-10
// REQUIRES: runs
// RUN: %if clang-22 %{ %bare_cc -O2 -ffunction-sections -fpatchable-function-entry=2 -c -o %t.o %s %}
// RUN: %if clang-22 %{ %link -Wl,--gc-sections -o %t %t.o && %nm %t | %check(STOCK) %}
// RUN: env "LUGE_PLUGIN=entries=pfe" %cc -O2 -ffunction-sections -c -o %t.o %s
// RUN: %link -Wl,--gc-sections -o %t %t.o && %run %t
// RUN: %nm %t | %check(LIVE) && %readelf -SW %t | %check(TABLE)
// The option of the compiler, where it has one for this target.
// RUN: %if gcc-12 %{ env "LUGE_PLUGIN=entries=pfe" %cc -O2 -ffunction-sections -fpatchable-function-entry=2 -c -o %t.o %s %}
// RUN: %if clang-19 %{ env "LUGE_PLUGIN=entries=pfe" %cc -O2 -ffunction-sections -fpatchable-function-entry=2 -c -o %t.o %s %}
// RUN: %if clang-22 %{ env "LUGE_PLUGIN=entries=pfe" %cc -O2 -ffunction-sections -fpatchable-function-entry=2 -c -o %t.o %s %}
// RUN: %link -Wl,--gc-sections -o %t %t.o && %run %t
// RUN: %nm %t | %check(LIVE) && %readelf -SW %t | %check(TABLE)
int dead(int x) { return x + 3; }
__attribute__((noinline)) int used(int x) { return x + 1; }
int main(void) { return used(-1); }

// STOCK: dead
// LIVE-NOT: dead
// LIVE: used
// LIVE-NOT: dead
// Two records of 8 bytes.
// TABLE: __patchable_function_entries PROGBITS {{[0-9a-f]+ [0-9a-f]+}} 000010 00
