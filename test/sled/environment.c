// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LUGE_PLUGIN: options for both compilers in the environment; the command line comes afterwards.
// RUN: env "LUGE_PLUGIN=flavour=toggle  exclude=g" %cc -O2 -c -o %t.o %s
// RUN: %sites %t.o | %check(ENV)
// RUN: env "LUGE_PLUGIN=flavour=toggle exclude=g" %cc -O2 -c -o %t.o %s %opt(flavour=nop)
// RUN: %sites %t.o | %check(LATER)
// RUN: env "LUGE_PLUGIN=nop=5" not %cc -O2 -c -o %t.none %s 2>&1 | %check(WRONG)
// RUN: not ls %t.none

// ENV:     {{^}}f toggle{{.*}}
// ENV-NOT: {{.}}
// LATER:     {{^}}f nop{{.*}}
// LATER-NOT: {{.}}
// WRONG: luge: {{.*}}unknown option 'nop=5'. Did you mean 'nops=5'?
int f(void) { return 1; }
int g(void) { return 2; }
