// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -fpass-plugin= alone loads it as well as -fplugin=.
// REQUIRES: clang
// RUN: %bare_cc -fpass-plugin=%plugin -O2 -c -o %t.o %s
// RUN: %sites %t.o | %check
// RUN: env LUGE_PLUGIN=flavour=toggle %bare_cc -fpass-plugin=%plugin -O0 -c -o %t.o %s
// RUN: %sites %t.o | %check(TOGGLE)
// Both at once is one plugin.
// RUN: %cc -fpass-plugin=%plugin -O2 -c -o %t.o %s
// RUN: %sites %t.o | %check
// ALL:     f nop{{.*}}
// ALL-NOT: {{.}}
// TOGGLE: f toggle
int f(void) { return 1; }
