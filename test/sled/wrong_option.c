// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A wrong option stops the compilation with one line; no object is left behind. An unknown -mllvm
// option is refused by clang before the plugin sees it, with the same help.
// MATRIX: defect-18
// RUN: rm -f %t.o
// RUN: not %cc -c -o %t.o %s %opt(nop=5) 2>&1 | %check(UNKNOWN)
// RUN: not %cc -c -o %t.o %s %opt(nops=5,6) 2>&1 | %check(VALUE)
// RUN: not %cc -c -o %t.o %s %opt(flavour=toggle) %opt(entries=pfe) 2>&1 | %check(PAIR)
// RUN: not %cc -c -o %t.o %s %opt(rules=%t.missing) 2>&1 | %check(RULES)
// RUN: not %cc -c -o %t.o %s %opt(report=/nonexistent/file) 2>&1 | %check(REPORT)
// RUN: not ls %t.o

// UNKNOWN-GCC: luge: unknown option 'nop=5'. Did you mean 'nops=5'?
// UNKNOWN-LLVM: Unknown command line argument '-luge-nop=5'
// UNKNOWN-LLVM: Did you mean '--luge-nops=5'?
// VALUE: luge: option 'nops=5,6': want N or N,M with M <= N <= 65535
// PAIR: luge: entries=pfe belongs to flavour=nop: readers of that section expect NOPs
// RULES: luge: rules={{.*}}.missing: No such file or directory
// REPORT: luge: report=/nonexistent/file: No such file or directory
int f(void) { return 1; }
