// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub and record, whole, where a function's symbol is its descriptor: the sled is at the code's address,
// which is also what the record names. arch/ppc64le/layout.h has the picture.
// MATRIX: defect-13
// DEFINE: %{options} =
// DEFINE: %{compile} = env "LUGE_PLUGIN=%{options}" %cc -O2 -c -o %t.o %s
// DEFINE: %{dump} = %objdump -dr --no-leading-addr -j .text %t.o
// REDEFINE: %{options} = flavour=toggle exits=on
// RUN: %{compile} && %{dump} | %check(TOGGLE,STUB)
// RUN: %readelf -x luge_sites %t.o | %check(KINDS)
// REDEFINE: %{options} =
// RUN: %{compile} && %{dump} | %check(NOP)
// REDEFINE: %{options} = nops=4,2 stub=no entries=both
// RUN: %{compile} && %{dump} | %check(PREFIX) && %readelf -rW %t.o | %check(RECORD)
// RUN: %readelf -SW %t.o | %check(LINK)
int leaf(int x) { return x + 1; }

// TOGGLE:      <.text>:
// TOGGLE-NEXT: 60 00 00 00 nop
// TOGGLE-NEXT: 38 63 00 01 addi 3, 3, 1
// TOGGLE-NEXT: 7c 63 07 b4 extsw 3, 3
// TOGGLE-NEXT: 60 00 00 00 nop
// TOGGLE-NEXT: 4e 80 00 20 blr
// STUB:        R_PPC64_REL32 .bss.luge_slots-0x10
// STUB-NEXT:   b 0x4 <.text+0x4>
// STUB-NEXT:   7c 08 02 a6 mflr 0
// STUB-NEXT:   42 9f 00 05 bcl 20, 31, 0x[[#%x,HERE:]]
// STUB-NEXT:   7d 88 02 a6 mflr 12
// STUB-NEXT:   7c 08 03 a6 mtlr 0
// STUB-NEXT:   e8 0c ff f2 lwa 0, -16(12)
// STUB-NEXT:   7d 8c 02 14 add 12, 12, 0
// STUB-NEXT:   e8 0c 00 00 ld 0, 0(12)
// STUB-NEXT:   7c 09 03 a6 mtctr 0
// STUB-NEXT:   4e 80 04 20 bctr

// KINDS: {{^}}0x00000000 {{.*}} 00010000
// KINDS-NEXT: {{^}}0x00000010 {{.*}} 01010000

// NOP:      <.text>:
// NOP-NEXT: 60 00 00 00 nop
// NOP-NEXT: 60 00 00 00 nop
// NOP-NEXT: 38 63 00 01 addi 3, 3, 1

// PREFIX:      60 00 00 00 nop
// PREFIX-NEXT: 60 00 00 00 nop
// PREFIX-NEXT: 60 00 00 00 nop
// PREFIX-NEXT: 60 00 00 00 nop
// PREFIX:      38 63 00 01 addi 3, 3, 1

// The descriptor, the sled and the function have one address, and the prefix is before it.
// RECORD:      '.rela.opd'
// RECORD:      {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + [[#%x,CODE:]]
// RECORD:      '.relaluge_sites'
// RECORD:      {{^}}0000000000000000 {{.*}} R_PPC64_REL32 {{.*}} .text + [[#CODE]]
// RECORD-NEXT: {{^}}0000000000000004 {{.*}} R_PPC64_REL32 {{.*}} .text + [[#CODE]]
// RECORD:      '.rela__patchable_function_entries'
// RECORD:      {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + [[#%x,CODE-8]]

// LINK: [ [[#TEXT:]]] .text PROGBITS
// LINK: luge_sites {{.*}} AL [[#TEXT]] 0 4
// LINK: __patchable_function_entries {{.*}} WAL [[#TEXT]] 0 8
