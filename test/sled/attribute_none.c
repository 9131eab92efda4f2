// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// no_instrument_function and patchable_function_entry(0,0) mean: no sled, no record, no stub.
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %sites %t.o | %check
// RUN: %cc -O2 -c -o %t2.o %s %opt(flavour=toggle) %opt(include=*)
// RUN: %sites %t2.o | %check

// ALL: taken{{.*}}
// ALL-NOT: {{.}}
int taken(void) { return 1; }
__attribute__((no_instrument_function)) int left(void) { return 2; }
__attribute__((patchable_function_entry(0, 0))) int zero(void) { return 3; }
__attribute__((no_instrument_function, patchable_function_entry(8, 2))) int both(void) { return 4; }
