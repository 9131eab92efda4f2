// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One constructor and one destructor a link unit, in COMDAT groups, through weak symbols alone: an
// object without the runtime links and runs.
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %readelf -gW %t.o | %check(GROUPS)
// RUN: %nm %t.o | %check(SYMBOLS)
// RUN: %cc -O2 -o %t %s
// RUN: %t
// RUN: %cc -O2 -fPIE -static -o %t.static %s
// RUN: %t.static
// A file without functions has nothing to register.
// RUN: %cc -O2 -c -o %t.empty.o -x c /dev/null
// RUN: %nm %t.empty.o | count 0

// GROUPS-DAG: [luge_module_ctor]
// GROUPS-DAG: .init_array.00101
// GROUPS-DAG: [luge_module_dtor]
// GROUPS-DAG: .fini_array.00101
// SYMBOLS-DAG: w __start_luge_sites
// SYMBOLS-DAG: w __stop_luge_sites
// SYMBOLS-DAG: W luge_module_ctor
// SYMBOLS-DAG: W luge_module_dtor
// SYMBOLS-DAG: w luge_module_register
// SYMBOLS-DAG: w luge_module_unregister
int main(void) { return 0; }
