// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The user's own N,M on the command line and as an attribute, and ours: records of __patchable_function_entries
// point at NOPs, N of them, in functions with a TOC as well. Stock clang 22 points at the code that sets the TOC
// up, and makes of N == M the sled of another tracer, whose symbol is missing; earlier ones refuse the option.
// MATRIX: defect-4
// MATRIX: defect-9
// MATRIX: defect-16
// DEFINE: %{dump} = %objdump -dr --no-leading-addr --no-show-raw-insn -j .text %t.o
//
// RUN: %if clang-22 %{ %bare_cc -O2 -fpatchable-function-entry=2 -c -o %t.o %s %}
// RUN: %if clang-22 %{ %readelf -rW %t.o | %check(STOCK-RECORD) %}
// RUN: %if clang-22 %{ %bare_cc -O2 -fpatchable-function-entry=2,2 -c -o %t.o %s %}
// RUN: %if clang-22 %{ %readelf -sW %t.o | %check(STOCK-XRAY) %}
// RUN: %if clang-19 %{ not %bare_cc -O2 -fpatchable-function-entry=2 -c -o %t.o %s 2>&1 | %check(STOCK-REFUSED) %}
//
// RUN: env "LUGE_PLUGIN=nops=2 entries=pfe" %cc -O2 -c -o %t.o %s && %{dump} | %check(TWO)
// RUN: %readelf -rW %t.o | %check(RECORD)
// RUN: env "LUGE_PLUGIN=nops=2,2 entries=pfe" %cc -O2 -c -o %t.o %s && %{dump} | %check(PREFIX)
// RUN: %readelf -rsW %t.o | %check(PREFIX-RECORD)
// RUN: %if gcc-12 %{ %cc -O2 -fpatchable-function-entry=2 -c -o %t.o %s && %{dump} | %check(TWO) && %readelf -rW %t.o | %check(RECORD) %}
// RUN: %if gcc-12 %{ %cc -O2 -fpatchable-function-entry=2,2 -c -o %t.o %s && %{dump} | %check(PREFIX) && %readelf -rsW %t.o | %check(PREFIX-RECORD) %}
// RUN: %if clang-22 %{ %cc -O2 -fpatchable-function-entry=2 -c -o %t.o %s && %{dump} | %check(TWO) && %readelf -rW %t.o | %check(RECORD) %}
// RUN: %if clang-22 %{ %cc -O2 -fpatchable-function-entry=2,2 -c -o %t.o %s && %{dump} | %check(PREFIX) && %readelf -rsW %t.o | %check(PREFIX-RECORD) %}
// RUN: %if gcc-12 %{ %cc -O2 -DATTRIBUTE=2,2 %opt(exclude=*) -c -o %t.o %s && %{dump} | %check(PREFIX) && %readelf -rsW %t.o | %check(PREFIX-RECORD) %}
// RUN: %if clang-22 %{ %cc -O2 -DATTRIBUTE=2,2 %opt(exclude=*) -c -o %t.o %s && %{dump} | %check(PREFIX) && %readelf -rsW %t.o | %check(PREFIX-RECORD) %}
#ifdef ATTRIBUTE
__attribute__((patchable_function_entry(ATTRIBUTE)))
#endif
int get(void);
static volatile int number = 7;
int get(void) { return number; }

// STOCK-RECORD: '.rela__patchable_function_entries'
// STOCK-RECORD: {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + 0
// STOCK-XRAY: __xray_FunctionEntry
// STOCK-REFUSED: unsupported option '-fpatchable-function-entry={{[0-9]*}}'

// TWO:      <get>:
// TWO-NEXT: addis 2, 12, 0
// TWO-NEXT: R_PPC64_REL16_HA .TOC.
// TWO-NEXT: addi 2, 2, 0
// TWO-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// TWO-NEXT: nop
// TWO-NEXT: nop
// TWO-NEXT: addis
// RECORD: '.rela__patchable_function_entries'
// RECORD: {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + 8

// PREFIX:      nop
// PREFIX-NEXT: nop
// PREFIX-NEXT: nop
// PREFIX-NEXT: nop
// PREFIX-EMPTY:
// PREFIX-NEXT: <get>:
// PREFIX-NEXT: addis 2, 12, 0
// PREFIX-NEXT: R_PPC64_REL16_HA .TOC.
// PREFIX-NEXT: addi 2, 2, 0
// PREFIX-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// PREFIX-NEXT: addis
// PREFIX-RECORD: '.rela__patchable_function_entries'
// PREFIX-RECORD: {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + 8
// PREFIX-RECORD-NOT: xray
