// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub and record, whole: arch/ppc64le/layout.h has the picture. leaf() has one entry, toc() a global and
// a local one, tail() leaves by an indirect tail call, which needs the alternate stub.
// MATRIX: defect-13
// DEFINE: %{options} =
// DEFINE: %{flags} =
// DEFINE: %{compile} = env "LUGE_PLUGIN=%{options}" %cc -O2 %{flags} -c -o %t.o %s
// DEFINE: %{dump} = %objdump -dr --no-leading-addr --no-show-raw-insn --mcpu=pwr10 -j .text %t.o
// REDEFINE: %{options} = flavour=toggle exits=on
// RUN: %{compile} && %{dump} | %check(TOGGLE,STUB)
// RUN: %readelf -x luge_sites %t.o | %check(KINDS)
// REDEFINE: %{options} =
// RUN: %{compile} && %{dump} | %check(NOP)
// RUN: %readelf -rW %t.o | %check(RECORD)
// REDEFINE: %{options} = nops=4,2 stub=no entries=both
// RUN: %{compile} && %{dump} | %check(SPLIT) && %readelf -sW %t.o | %check(ENTRY8)
// RUN: %readelf -rW %t.o | %check(PREFIX)
// REDEFINE: %{options} = nops=4,2 stub=no layout=split
// RUN: %{compile} && %{dump} | %check(SPLIT)
// REDEFINE: %{options} = nops=4,2 stub=no entries=both layout=local
// RUN: %{compile} && %{dump} | %check(LOCAL) && %readelf -sW %t.o | %check(ENTRY16)
// RUN: %readelf -rW %t.o | %check(BETWEEN)
// REDEFINE: %{options} = nops=3,2 stub=no entries=both
// REDEFINE: %{flags} = -mcmodel=large
// RUN: %{compile} && %{dump} | %check(LARGE)
// RUN: %readelf -rW %t.o | %check(FAR)
// REDEFINE: %{options} = nops=4,2 stub=no layout=local
// REDEFINE: %{flags} = -mcpu=power10
// RUN: %{compile} && %{dump} | %check(PCREL)
// REDEFINE: %{options} = exits=on stub=yes
// RUN: %{compile} && %{dump} | %check(TAIL)
static volatile int number = 7;

int leaf(int x) { return x + 1; }
int toc(void) { return number; }
int tail(int (*f)(int)) { return f(1); }

// TOGGLE:      <leaf>:
// TOGGLE-NEXT: nop
// TOGGLE-NEXT: addi 3, 3, 1
// TOGGLE-NEXT: extsw 3, 3
// TOGGLE-NEXT: nop
// TOGGLE-NEXT: blr
// TOGGLE:      <toc>:
// TOGGLE-NEXT: addis 2, 12, 0
// TOGGLE-NEXT: R_PPC64_REL16_HA .TOC.
// TOGGLE-NEXT: addi 2, 2, 0
// TOGGLE-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// TOGGLE-NEXT: nop
// TOGGLE-NEXT: addis [[R:[0-9]+]], 2, 0
// TOGGLE-NEXT: R_PPC64_TOC16_HA
// TOGGLE-NEXT: lwa 3, 0([[R]])
// TOGGLE-NEXT: R_PPC64_TOC16_LO_DS
// TOGGLE-NEXT: nop
// TOGGLE-NEXT: blr
// STUB:        R_PPC64_REL32 .bss.luge_slots-0x10
// STUB-NEXT:   b 0x4 <leaf+0x4>
// STUB-NEXT:   mflr 0
// STUB-NEXT:   bcl 20, 31, 0x[[#%x,HERE:]]
// STUB-NEXT:   mflr 12
// STUB-NEXT:   mtlr 0
// STUB-NEXT:   lwa 0, -16(12)
// STUB-NEXT:   add 12, 12, 0
// STUB-NEXT:   ld 0, 0(12)
// STUB-NEXT:   mtctr 0
// STUB-NEXT:   bctr
// STUB-NEXT:   <unknown>
// STUB-NEXT:   R_PPC64_REL32 .bss.luge_slots
// STUB-NEXT:   b 0x10 <leaf+0x10>
// STUB-NEXT:   mflr 0
// STUB-NEXT:   bcl 20, 31, 0x[[#%x,HERE + 44]]

// Entry, toggle; return, toggle.
// KINDS: {{^}}0x00000000 {{.*}} 00010000
// KINDS-NEXT: {{^}}0x00000010 {{.*}} 01010000

// NOP:      <leaf>:
// NOP-NEXT: nop
// NOP-NEXT: nop
// NOP-NEXT: addi 3, 3, 1
// NOP-NEXT: extsw 3, 3
// NOP-NEXT: blr
// NOP:      <toc>:
// NOP-NEXT: addis 2, 12, 0
// NOP-NEXT: R_PPC64_REL16_HA .TOC.
// NOP-NEXT: addi 2, 2, 0
// NOP-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// NOP-NEXT: nop
// NOP-NEXT: nop
// NOP-NEXT: addis

// Sled, function and stub; of toc() the sled is behind the local entry, the function the global one.
// RECORD:      '.relaluge_sites'
// RECORD:      {{^}}0000000000000000 {{.*}} R_PPC64_REL32 {{.*}} .text + 0
// RECORD-NEXT: {{^}}0000000000000004 {{.*}} R_PPC64_REL32 {{.*}} .text + 0
// RECORD-NEXT: {{^}}0000000000000008 {{.*}} R_PPC64_REL32 {{.*}} .text + [[#%x,]]
// RECORD-NEXT: {{^}}0000000000000010 {{.*}} R_PPC64_REL32 {{.*}} .text + [[#%x,TOC:]]
// RECORD-NEXT: {{^}}0000000000000014 {{.*}} R_PPC64_REL32 {{.*}} .text + [[#%x,TOC-8]]

// Two NOPs so that the label keeps its alignment, then the prefix.
// SPLIT:      nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-EMPTY:
// SPLIT-NEXT: <leaf>:
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: addi 3, 3, 1
// SPLIT:      nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-EMPTY:
// SPLIT-NEXT: <toc>:
// SPLIT-NEXT: addis 2, 12, 0
// SPLIT-NEXT: R_PPC64_REL16_HA .TOC.
// SPLIT-NEXT: addi 2, 2, 0
// SPLIT-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: addis
// 0x60: the local entry is 2 instructions behind the global one.
// ENTRY8:     <other: 0x60>] {{.*}} toc

// PREFIX:      '.relaluge_sites'
// PREFIX:      {{^}}0000000000000010 {{.*}} .text + [[#%x,TOC:]]
// PREFIX-NEXT: {{^}}0000000000000014 {{.*}} .text + [[#%x,TOC-8]]
// PREFIX:      '.rela__patchable_function_entries'
// PREFIX:      {{^}}0000000000000000 {{.*}} R_PPC64_ADDR64 {{.*}} .text + 8
// PREFIX:      R_PPC64_ADDR64 {{.*}} .text + [[#%x,TOC-16]]

// A leaf has its M NOPs before the label in both layouts.
// LOCAL:      nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-EMPTY:
// LOCAL-NEXT: <leaf>:
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: addi 3, 3, 1
// LOCAL:      <toc>:
// LOCAL-NEXT: addis 2, 12, 0
// LOCAL-NEXT: R_PPC64_REL16_HA .TOC.
// LOCAL-NEXT: addi 2, 2, 0
// LOCAL-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: addis
// ENTRY16:    <other: 0x80>] {{.*}} toc

// BETWEEN:      '.relaluge_sites'
// BETWEEN:      {{^}}0000000000000010 {{.*}} .text + [[#%x,TOC:]]
// BETWEEN-NEXT: {{^}}0000000000000014 {{.*}} .text + [[#%x,TOC-16]]
// BETWEEN:      '.rela__patchable_function_entries'
// BETWEEN:      R_PPC64_ADDR64 {{.*}} .text + [[#%x,TOC-8]]

// The distance of the TOC stands between prefix and label.
// LARGE:      R_PPC64_REL64 .TOC.-0x8
// LARGE-NEXT: <unknown>
// LARGE-EMPTY:
// LARGE-NEXT: <toc>:
// LARGE-NEXT: ld 2, -8(12)
// LARGE:      add 2, 2, 12
// LARGE-NEXT: nop
// LARGE-NEXT: addis
// FAR:      '.relaluge_sites'
// FAR:      {{^}}0000000000000010 {{.*}} .text + [[#%x,TOC:]]
// FAR-NEXT: {{^}}0000000000000014 {{.*}} .text + [[#%x,TOC-8]]
// FAR:      '.rela__patchable_function_entries'
// FAR:      R_PPC64_ADDR64 {{.*}} .text + [[#%x,TOC-24]]

// One entry: before it even with layout=local.
// PCREL:      blr
// PCREL:      nop
// PCREL-NEXT: nop
// PCREL-NEXT: nop
// PCREL-NEXT: nop
// PCREL-EMPTY:
// PCREL-NEXT: <toc>:
// PCREL-NEXT: nop
// PCREL-NEXT: nop
// PCREL-NEXT: plwa 3, 0(0), 1

// TAIL:      <tail>:
// TAIL-NEXT: nop
// TAIL-NEXT: nop
// TAIL-NEXT: {{mr 12, 3|mtctr 3|mr 9, 3}}
// TAIL:      nop
// TAIL-NEXT: bctr
// TAIL:      R_PPC64_REL32 .bss.luge_slots+0x40
// TAIL-NEXT: b 0x[[#%x,RELOAD:]] <
// TAIL-NEXT: mfctr 0
// TAIL-NEXT: std 0, 8(1)
// TAIL-NEXT: mflr 0
// TAIL-NEXT: bcl 20, 31, 0x[[#%x,RELOAD - 32]]
// TAIL-NEXT: mflr 12
// TAIL-NEXT: mtlr 0
// TAIL-NEXT: lwa 0, -24(12)
// TAIL-NEXT: add 12, 12, 0
// TAIL-NEXT: addi 12, 12, -8
// TAIL-NEXT: ld 0, 0(12)
// TAIL-NEXT: mtctr 0
// TAIL-NEXT: bctr
// TAIL-NEXT: ld 12, 8(1)
// TAIL-NEXT: mtctr 12
// TAIL-NEXT: b 0x{{[0-9a-f]+}} <tail+
