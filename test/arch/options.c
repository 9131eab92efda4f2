// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One parser for both compilers and every target: N,M means the same on the command line and in the environment,
// and errors name the option.
// MATRIX: defect-18
// DEFINE: %{compile} = %cc -O2 %if riscv64 %{ -mno-relax %} -c
// RUN: %{compile} -o %t.option.o %s %opt(nops=6,2) %opt(entries=both)
// RUN: env LUGE_PLUGIN='nops=6,2 entries=both' %{compile} -o %t.environment.o %s
// RUN: cmp %t.option.o %t.environment.o
// RUN: %sites %t.option.o | %check
// RUN: %sites --pfe %t.option.o | %check(PFE)
// RUN: rm -f %t.o
// RUN: not %{compile} -o %t.o %s %opt(nops=2,6) 2>&1 | %check(VALUE)
// RUN: not %{compile} -o %t.o %s %opt(nop=5) 2>&1 | %check(UNKNOWN)
// RUN: not %{compile} -o %t.o %s %opt(flavour=toggle) %opt(entries=pfe) 2>&1 | %check(PAIR)
// RUN: not ls %t.o

// ALL:      f nop sled=+{{[0-9]+}} prefix=2{{ }}
// ALL-NEXT: g nop sled=+{{[0-9]+}} prefix=2{{ }}
// PFE:      f pfe=-{{[0-9]+}}{{ }}
// PFE-NEXT: g pfe=-{{[0-9]+}}{{ }}
// VALUE: luge: option 'nops=2,6': want N or N,M with M <= N <= 65535
// UNKNOWN-GCC: luge: unknown option 'nop=5'. Did you mean 'nops=5'?
// UNKNOWN-LLVM: Did you mean '--luge-nops=5'?
// PAIR: luge: entries=pfe belongs to flavour=nop
int f(void) { return 1; }
int g(void) { return 2; }
