// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// N and M of the user's option, of the attribute and of ours: N NOPs, M of them before the code, and records of
// __patchable_function_entries that point at the first. clang 14 and 16 do not know the option for this target.
// MATRIX: defect-4
// MATRIX: defect-9
// MATRIX: defect-16
// DEFINE: %{options} =
// DEFINE: %{flags} = -Os
// DEFINE: %{compile} = env "LUGE_PLUGIN=%{options}" %cc %{flags} -c -o %t.o %s
// DEFINE: %{dump} = %objdump -d --no-leading-addr --no-show-raw-insn -j .text %t.o
// RUN: %if clang-14 %{ not %bare_cc -O2 -fpatchable-function-entry=2 -c -o %t.o %s 2>&1 | %check(STOCK) %}
// RUN: %if clang-16 %{ not %bare_cc -O2 -fpatchable-function-entry=2 -c -o %t.o %s 2>&1 | %check(STOCK) %}
//
// REDEFINE: %{options} = nops=2 entries=pfe
// RUN: %{compile} && %{dump} | %check(TWO) && %readelf -rW %t.o | %check(RECORD)
// REDEFINE: %{options} = nops=2,2 entries=pfe
// RUN: %{compile} && %{dump} | %check(PREFIX) && %readelf -rW %t.o | %check(BEFORE) && %readelf -sW %t.o | %check(NO-XRAY)
// REDEFINE: %{options} = exclude=*
// REDEFINE: %{flags} = -Os -fpatchable-function-entry=2
// RUN: %if gcc-12 %{ %{compile} && %{dump} | %check(TWO) && %readelf -rW %t.o | %check(RECORD) %}
// RUN: %if clang-19 %{ %{compile} && %{dump} | %check(TWO) && %readelf -rW %t.o | %check(RECORD) %}
// RUN: %if clang-22 %{ %{compile} && %{dump} | %check(TWO) && %readelf -rW %t.o | %check(RECORD) %}
// REDEFINE: %{flags} = -Os -DATTRIBUTE=2,2
// RUN: %if gcc-12 %{ %{compile} && %{dump} | %check(PREFIX) && %readelf -rW %t.o | %check(BEFORE) %}
// RUN: %if clang-19 %{ %{compile} && %{dump} | %check(PREFIX) && %readelf -rW %t.o | %check(BEFORE) %}
// RUN: %if clang-22 %{ %{compile} && %{dump} | %check(PREFIX) && %readelf -rW %t.o | %check(BEFORE) %}
#ifdef ATTRIBUTE
__attribute__((patchable_function_entry(ATTRIBUTE)))
#endif
int get(void);
static volatile int number = 7;
int get(void) { return number; }

// STOCK: unsupported option '-fpatchable-function-entry={{[0-9]*}}'

// TWO:      <.text>:
// TWO-NEXT: nop
// TWO-NEXT: nop
// TWO-NEXT: addis
// RECORD: '.rela.opd'
// RECORD: {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + 0
// RECORD: '.rela__patchable_function_entries'
// RECORD: {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + 0

// PREFIX:      <.text>:
// PREFIX-NEXT: nop
// PREFIX-NEXT: nop
// PREFIX-NEXT: addis
// BEFORE: '.rela.opd'
// BEFORE: {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + [[#%x,CODE:]]
// BEFORE: '.rela__patchable_function_entries'
// BEFORE: {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + [[#%x,CODE-8]]
// NO-XRAY-NOT: xray
