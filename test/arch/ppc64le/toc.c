// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Code at the global entry computes r2 from r12, which holds the address of that entry. Stock gcc 12 puts its
// NOPs before that code: r2 is wrong by their size, or the distance of the entries cannot be assembled. With
// the plugin the library of this file works with every N,M and in both layouts, called directly from another
// module, through a pointer and inside the module (there by the local entry).
// MATRIX: defect-1
// REQUIRES: runs
//
// RUN: rm -rf %t.dir && mkdir %t.dir && %bare_cc -O2 -fPIC -c -DLIBRARY -o %t.o %s
// RUN: %link -shared -o %t.dir/libtoc.so %t.o
// RUN: %bare_cc -O2 -fPIE -c -o %t.o %s && %link -pie -o %t.dir/main %t.o -L%t.dir -ltoc -Wl,-rpath,%t.dir
// RUN: %run %t.dir/main | %check(RIGHT)
//
// The stock compiler, so that what is cured stays known:
// RUN: %if gcc-12 %{ %bare_cc -O2 -fPIC -c -DLIBRARY -fpatchable-function-entry=2 -o %t.o %s %}
// RUN: %if gcc-12 %{ %link -shared -o %t.dir/libtoc.so %t.o && %run %t.dir/main | %check(WRONG) %}
// RUN: %if gcc-12 %{ %bare_cc -O2 -fPIC -c -DLIBRARY -fpatchable-function-entry=4,2 -o %t.o %s %}
// RUN: %if gcc-12 %{ %link -shared -o %t.dir/libtoc.so %t.o && %run %t.dir/main | %check(WRONG) %}
// RUN: %if gcc-12 %{ not %bare_cc -O2 -fPIC -c -DLIBRARY -fpatchable-function-entry=3 -o %t.o %s 2>&1 | %check(STOCK) %}
//
// The plugin:
// DEFINE: %{options} =
// DEFINE: %{flags} =
// DEFINE: %{compile} = env "LUGE_PLUGIN=%{options}" %cc %{flags} -fPIC -c -DLIBRARY -o %t.o %s && %link -shared -o %t.dir/libtoc.so %t.o
// REDEFINE: %{flags} = -O2
// REDEFINE: %{options} = nops=2
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{options} = nops=3
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{options} = nops=4,2
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{options} = nops=2 layout=local
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{options} = nops=4,2 layout=local
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{options} = nops=20,14 layout=local exits=on
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{flags} = -O0
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{flags} = -O2 -mcmodel=large
// REDEFINE: %{options} = nops=5,3
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// REDEFINE: %{options} = nops=4,2 layout=local
// RUN: %{compile} && %run %t.dir/main | %check(RIGHT)
// The program too, as a PIE with main in it.
// REDEFINE: %{options} = flavour=toggle exits=on
// REDEFINE: %{flags} = -O2
// RUN: %{compile}
// RUN: env "LUGE_PLUGIN=nops=4,2 layout=local" %cc -O2 -fPIE -c -o %t.o %s
// RUN: %link -pie -o %t.dir/main2 %t.o -L%t.dir -ltoc -Wl,-rpath,%t.dir && %run %t.dir/main2 | %check(RIGHT)
//
// The user's own option instead of ours, where the compiler knows it.
// RUN: %if gcc-12 %{ %cc -fpatchable-function-entry=3 -O2 -fPIC -c -DLIBRARY -o %t.o %s %}
// RUN: %if gcc-12 %{ %link -shared -o %t.dir/libtoc.so %t.o && %run %t.dir/main | %check(RIGHT) %}
// RUN: %if clang-22 %{ %cc -fpatchable-function-entry=3 -O2 -fPIC -c -DLIBRARY -o %t.o %s %}
// RUN: %if clang-22 %{ %link -shared -o %t.dir/libtoc.so %t.o && %run %t.dir/main | %check(RIGHT) %}
#include <stdio.h>

int seven(void), through_local_entry(void);
int (*pointer(void))(void);

#ifdef LIBRARY
// Addressed from r2: wrong by 8 bytes is two numbers away.
static volatile int numbers[] = {1, 2, 3, 7, 5, 6};
__attribute__((noinline)) int seven(void) { return numbers[3]; }
__attribute__((noinline, visibility("hidden"))) int inner(int x) { return numbers[3] + x; }
__attribute__((noinline)) int through_local_entry(void) { return inner(1) - 1; }
int (*pointer(void))(void) { return seven; }
#else
int main(void) {
  int (*volatile p)(void) = pointer();
  printf("direct=%d inside=%d pointer=%d\n", seven(), through_local_entry(), p());
  return 0;
}
#endif

// RIGHT: direct=7 inside=7 pointer=7
// WRONG: direct=2 inside=2 pointer=2
// STOCK: Error: .localentry expression for `seven' is not a valid power of 2
