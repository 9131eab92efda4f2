// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler's own -fpatchable-function-entry=N,M beside the plugin is obeyed, and made right:
// one record a function in its own section, one NOP for the patch unit.
// MATRIX: defect-12 defect-13 defect-18
// RUN: %cc -O2 -fcf-protection=branch -fpatchable-function-entry=16,11 -c -o %t.o %s
// RUN: %sites %t.o | %check
// RUN: %sites --pfe %t.o | %check(PFE)
// RUN: %cc -O2 -fcf-protection=branch -fpatchable-function-entry=5 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites %t.o | %check(FIVE)
// RUN: %sites --pfe %t.o | %check(FIVE-PFE)

// ALL:      f nop sled=+8 prefix=11 {{.*}} stub=yes
// ALL-NEXT: g nop sled=+8 prefix=11 {{.*}} stub=yes
// PFE:      f pfe=-11 byte=90
// PFE-NEXT: g pfe=-11 byte=90
// PFE-NOT:  {{.}}
// FIVE:      f nop sled=+8 prefix=0 {{.*}} stub=yes
// FIVE-NEXT: g nop sled=+8 prefix=0 {{.*}} stub=yes
// FIVE-PFE:      f pfe=+8 byte=0f
// FIVE-PFE-NEXT: g pfe=+8 byte=0f
// FIVE-PFE-NOT:  {{.}}
int f(void) { return 1; }
int g(void) { return 2; }
