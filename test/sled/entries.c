// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// entries=luge|pfe|both: which tables are written, with which flags, and that a table which is not
// asked for leaves no section behind.
// MATRIX: defect-14
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s
// RUN: %readelf -SW %t.o | %check(LUGE)
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s %opt(entries=pfe)
// RUN: %readelf -SW %t.o | %check(PFE)
// RUN: %sites --pfe %t.o | %check(PFE-TABLE)
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s %opt(entries=both)
// RUN: %readelf -SW %t.o | %check(BOTH)
// RUN: %sites --pfe %t.o | %check(PFE-TABLE)

int f(void) { return 1; }

// LUGE-NOT: __patchable_function_entries
// LUGE:     .bss.luge_slots NOBITS {{.*}} WA 0 0 16
// LUGE:     luge_sites PROGBITS {{.*}} 000010 00 AL {{[0-9]+}} 0 4
// LUGE-NOT: __patchable_function_entries

// The stub is found through luge_sites: without it, neither stub nor slot nor registration.
// PFE-NOT: luge
// PFE:     __patchable_function_entries PROGBITS {{.*}} 000008 00 WAL {{[0-9]+}} 0 8
// PFE-NOT: luge
// PFE-TABLE: f pfe=+0 byte=0f

// BOTH-DAG: luge_sites PROGBITS {{.*}} 000010 00 AL
// BOTH-DAG: __patchable_function_entries PROGBITS {{.*}} 000008 00 WAL
