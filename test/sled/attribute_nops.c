// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// patchable_function_entry(N,M) is obeyed function by function, whatever the options say, and gets
// both tables: its readers look for __patchable_function_entries.
// MATRIX: defect-12 defect-13 defect-18
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites %t.o | %check
// RUN: %sites --pfe %t.o | %check(PFE)
// RUN: %objdump -d %t.o | %check(TEXT)

int plain(void) { return 0; }
__attribute__((patchable_function_entry(5))) int five(void) { return 1; }
__attribute__((patchable_function_entry(3, 1))) int three_one(void) { return 2; }
__attribute__((patchable_function_entry(16, 11))) int sixteen(void) { return 3; }
__attribute__((patchable_function_entry(4, 4))) int all_before(void) { return 4; }

// ALL:      plain toggle sled=+0 prefix=0 {{.*}}stub=yes
// ALL-NEXT: five nop sled=+0 prefix=0 {{.*}}stub=yes
// ALL-NEXT: three_one nop sled=+0 prefix=1 {{.*}}stub=no
// ALL-NEXT: sixteen nop sled=+0 prefix=11 {{.*}}stub=yes
// ALL-NEXT: all_before nop sled=+0 prefix=4 {{.*}}stub=no

// PFE:      all_before pfe=-4 byte=90
// PFE-NEXT: five pfe=+0 byte=0f
// PFE-NEXT: sixteen pfe=-11 byte=90
// PFE-NEXT: three_one pfe=-1 byte=90
// PFE-NOT:  {{.}}

// TEXT: <three_one>:
// TEXT-NEXT: 66 90 {{ *}}nop
