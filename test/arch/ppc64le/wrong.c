// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What cannot be encoded, and other ABIs: one clear line, no object.
// RUN: not env "LUGE_PLUGIN=nops=4,3 layout=local" %cc -O2 -g -c -o %t.o %s 2>&1 | %check(ODD)
// RUN: not env "LUGE_PLUGIN=nops=40,30 layout=local" %cc -O2 -g -c -o %t.o %s 2>&1 | %check(FAR)
// RUN: not env "LUGE_PLUGIN=layout=both" %cc -O2 -c -o %t.o %s 2>&1 | %check(VALUE)
// RUN: %if gcc %{ not %cc -O2 -ffixed-r12 -c -o %t.o %s 2>&1 | %check(FIXED) %}
// RUN: not %cc -O2 -mabi=elfv1 -c -o %t.o %s 2>&1 | %check(ABI)
static volatile int number = 7;
int leaf(int x) { return x + 1; } // one entry: any M
int get(void) { return number; }

// ODD-GCC:  wrong.c:10:{{.*}}error: luge: 'get': layout=local cannot put 3 NOPs between its global and its local entry; M may be one of 0 2 6 14; or use layout=split
// ODD-LLVM: error: luge: {{.*}}wrong.c:10: 'get': layout=local cannot put 3 NOPs between its global and its local entry; M may be one of 0 2 6 14; or use layout=split
// ODD-NOT: error:
// FAR: 'get': layout=local cannot put 30 NOPs
// VALUE: luge: {{.*}}option 'layout=both': want split or local
// FIXED: luge: register r12 is reserved {{.*}}, but the stub of a sled needs it
// ABI: luge: -mabi=elfv1: this plugin makes sleds for little-endian PowerPC with -mabi=elfv2 only
