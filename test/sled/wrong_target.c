// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A target that has no arch/ folder yet is refused: never an object without sleds.
// RUN: rm -f %t.o
// RUN: %if clang %{ not %cc --target=sparcv9-linux-gnu -c -o %t.o %s 2>&1 | %check(SPARC) %}
// RUN: not %cc -m32 -c -o %t.o %s 2>&1 | %check(I386)
// RUN: not ls %t.o

// SPARC: luge: {{.*}}sparc
// I386: luge: {{.*}}{{i386|-m32|x86_64|x86-64}}
int f(void) { return 1; }
