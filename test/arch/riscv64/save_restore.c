// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -msave-restore: a function returns by a jump to __riscv_restore_N, which gives its frame back as well. The
// sled stands before that jump, and the record says that the frame is still there (flag 0x40).
// MATRIX: exits
// clang 14 takes the option and does nothing.
// UNSUPPORTED: clang-14
// REQUIRES: runs
// RUN: env LUGE_PLUGIN=exits=on %cc -Os -msave-restore -mno-relax -c -o %t.o %s
// RUN: %objdump -dr --no-leading-addr %t.o | sed -e '/^<\.L/d' -e '/^$/d' | %check(TEXT)
// RUN: %readelf -x luge_sites %t.o | %check(RECORD)
// RUN: %driver -o %t.driver.o
// RUN: %patched(exits=on; -Os -msave-restore; %S/../program.c; %t.1)
// RUN: %patched(exits=on flavour=toggle; -O2 -msave-restore -fPIE; %S/../program.c; %t.2)
// RUN: %patched_cxx(exits=on; -Os -msave-restore; 7; %S/../program.cpp; %t.3)

int g(int);
int f(int x) { return g(x) + x; }

// TEXT:      <f>:
// TEXT-NEXT: 00000013 nop
// TEXT-NEXT: 00000013 nop
// TEXT:      __riscv_save_1
// TEXT:      00000013 nop
// TEXT-NEXT: auipc t1, 0x0
// TEXT-NEXT: __riscv_restore_1
// TEXT-NEXT: jr t1

// RECORD: 0x00000000 00000000 00000000 00000000 00000000
// RECORD: 0x00000010 00000000 00000000 00000000 01400000
