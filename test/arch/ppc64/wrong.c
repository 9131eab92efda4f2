// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options that have no meaning here, and other ABIs: one clear line, no object.
// RUN: not env "LUGE_PLUGIN=layout=local" %cc -O2 -c -o %t.o %s 2>&1 | %check(LOCAL)
// RUN: not env "LUGE_PLUGIN=layout=split" %cc -O2 -c -o %t.o %s 2>&1 | %check(SPLIT)
// RUN: not %cc -O2 -mabi=elfv2 -c -o %t.o %s 2>&1 | %check(ABI)
// RUN: %if gcc %{ not %cc -O2 -m32 -c -o %t.o %s 2>&1 | %check(M32) %}
int leaf(int x) { return x + 1; }

// LOCAL: luge: {{.*}}layout=local belongs to ppc64le: on ppc64 every function has one entry
// SPLIT: luge: {{.*}}layout=split belongs to ppc64le: on ppc64 every function has one entry
// ABI: luge: -mabi=elfv2: this plugin makes sleds for big-endian PowerPC with -mabi=elfv1 only
// M32: luge: -m32: this plugin makes sleds for 64-bit PowerPC only
