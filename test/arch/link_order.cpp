// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Records of entries and of exits are in a section that is linked to its text and in the group of its function, so
// that a linker drops them together. GCC's -mrecord-mcount and -mrecord-return write one section without either:
// two files that share an inline function do not link, and collection keeps what is dead.
// MATRIX: defect-15
// REQUIRES: gcc
// DEFINE: %{compile} = -std=c++17 -O2 -ffunction-sections -fno-asynchronous-unwind-tables -c
// RUN: %cxx %{compile} -fPIE -o %t.main.o %s %opt(exits=on)
// RUN: %cxx %{compile} -fPIE -DOTHER -o %t.other.o %s %opt(exits=on) %opt(flavour=toggle)
// RUN: %python %tools/tables.py %t.main.o | %check(MAIN)
// RUN: %python %tools/tables.py %t.other.o | %check(OTHER)
//
// RUN: %if runs %{ %link -pie -Wl,--gc-sections -Wl,-z,start-stop-gc -o %t %t.main.o %t.other.o %}
// RUN: %if runs %{ %run %t %}
// RUN: %if runs %{ %sites %t > %t.sites %}
// RUN: %if runs %{ %check(LIVE) < %t.sites %}
// RUN: %if runs %{ not grep dead %t.sites %}
// RUN: %if runs %{ %nm %t > %t.nm %}
// RUN: %if runs %{ not grep dead %t.nm %}
//
// What GCC has without the plugin: s390x one of the tables, x86 both, others none.
// DEFINE: %{stock} = %bare_cxx %{compile} -fno-pie -pg -mfentry -mrecord-mcount
// RUN: %if i386 || x86_64 || s390x %{ %{stock} -o %t.main.o %s %}
// RUN: %if i386 || x86_64 || s390x %{ %{stock} -DOTHER -o %t.other.o %s %}
// RUN: %if i386 || x86_64 || s390x %{ %python %tools/tables.py --stock __mcount_loc %t.main.o | %check(STOCK) %}
// RUN: %if i386 || x86_64 || s390x %{ not %link -no-pie -Wl,--defsym=__fentry__=0 -o %t %t.main.o %t.other.o 2>&1 | %check(SHARED) %}
// RUN: %if i386 || x86_64 %{ %bare_cxx %{compile} -fno-pie -pg -mfentry -mrecord-return -minstrument-return=call -DTABLE=__start___return_loc -DALONE -o %t.o %s %}
// RUN: %if i386 || x86_64 %{ %python %tools/tables.py --stock __return_loc %t.o | %check(STOCK-RETURN) %}
// RUN: %if i386 || x86_64 %{ %link -no-pie -Wl,--gc-sections -Wl,--defsym=__fentry__=0 -Wl,--defsym=__return__=0 -o %t %t.o %}
// RUN: %if i386 || x86_64 %{ %nm %t | %check(KEPT) %}

// MAIN-DAG: luge_sites of .text._Z6sharedi in group _Z6sharedi: entry return
// MAIN-DAG: luge_sites of .text._Z4deadi in no group: entry return
// MAIN-DAG: luge_sites of .text._Z4taili in no group: entry {{return|indirect-tail-call}}
// MAIN-DAG: luge_sites of .text.startup.main in no group: entry return
// OTHER-DAG: luge_sites of .text._Z6sharedi in group _Z6sharedi: entry return
// OTHER-DAG: luge_sites of .text._Z5otheri in no group: entry return
// LIVE-DAG: {{^}}main nop {{.*}} kind=return
// LIVE-DAG: {{^}}_Z6sharedi nop {{.*}} kind=return
// LIVE-DAG: {{^}}_Z5otheri toggle {{.*}} kind=return
// STOCK: __mcount_loc of nothing in no group: 4 texts, 1 of them in a group
// SHARED: referenced in section `__mcount_loc' of {{.*}}: defined in discarded section
// STOCK-RETURN: __return_loc of nothing in no group: 4 texts, 0 of them in a group
// KEPT: _Z4deadi
#define NOINLINE __attribute__((noinline))

extern volatile int sink;
int other(int x);
#ifdef ALONE
static int shared(int x) { return x; }
int other(int x) { return x; }
#else
NOINLINE inline int shared(int x) { return sink + x; }
#endif

#ifdef OTHER
int other(int x) { return shared(x) + 1; }
#else
volatile int sink = 0;
int dead(int x) { return sink + x + 3; }
int (*volatile leaves)(int) = other;
NOINLINE int tail(int x) { return leaves(x + sink); }
#ifdef TABLE
extern const char TABLE[]; // as who reads the table names it
const char *volatile table = TABLE;
#endif
int main() { return shared(0) + tail(-1); }
#endif
