// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The toggle flavour, whole: as assembler text from the label to the sled, and as bytes from the
// label to the end of the stub and the record. arch/x86_64/layout.h has the picture.
// MATRIX: defect-12
// RUN: %cc -O2 -fcf-protection=branch -S -o - %s %opt(flavour=toggle) | %clean | %check(TEXT)
// RUN: %cc -O2 -fcf-protection=branch -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites %t.o | %check(SITE)
// RUN: %objdump -dr --no-leading-addr %t.o | %check(PAD)
// RUN: %readelf -x luge_sites %t.o | %check(RECORD)
// RUN: %readelf -rW %t.o | %check(RELOCS)
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s %opt(flavour=toggle)
// RUN: %objdump -dr --no-leading-addr %t.o | %check(PLAIN)

int f(int x) { return x + 1; }

// TEXT:           {{^}}f:
// TEXT-GCC-NEXT:  .Lluge_f[[#ID:]]:
// TEXT-GCC-NEXT:  .LFB0:
// TEXT-NEXT:      .cfi_startproc
// TEXT-LLVM-NEXT: .Lluge_f[[#ID:]]:
// TEXT-NEXT:      endbr64
// TEXT-NEXT:      .Lluge_s[[#ID]]:
// TEXT-NEXT:      .byte {{0x3d|61}}
// TEXT-LLVM-NEXT: .Ltmp
// TEXT-NEXT:      .long {{.*}}.Lluge_t[[#ID]]

// SITE: f toggle sled=+4 prefix=0 args=0 flags=- stub=yes section=.text{{$}}

// PAD:       <f>:
// PAD-NEXT:  f3 0f 1e fa endbr64
// PAD-NEXT:  3d 04 00 00 00 cmpl $0x4, %eax
// PAD-NEXT:  8d 47 01 leal 0x1(%rdi), %eax
// PAD-NEXT:  c3 retq
// PAD-NEXT:  4c 8d 1d 00 00 00 00 leaq (%rip), %r11
// PAD-NEXT:  R_X86_64_PC32 .bss.luge_slots{{.*}}-0x4
// PAD-NEXT:  41 ff 23 jmpq *(%r11)
// PAD-NEXT:  f3 0f 1e fa endbr64
// PAD-NEXT:  e9 e9 ff ff ff jmp

// PLAIN:      <f>:
// PLAIN-NEXT: 3d 04 00 00 00 cmpl $0x4, %eax
// PLAIN-NEXT: 8d 47 01 leal 0x1(%rdi), %eax
// PLAIN-NEXT: c3 retq
// PLAIN-NEXT: 4c 8d 1d 00 00 00 00 leaq (%rip), %r11
// PLAIN-NEXT: R_X86_64_PC32 .bss.luge_slots{{.*}}-0x4
// PLAIN-NEXT: 41 ff 23 jmpq *(%r11)
// PLAIN-NEXT: f3 0f 1e fa endbr64
// PLAIN-NEXT: e9 e9 ff ff ff jmp

// Kind entry, flag toggle, no prefix, no stack arguments; the addresses come from relocations.
// RECORD: 0x00000000 00000000 00000000 00000000 00810000

// RELOCS:      Relocation section '.relaluge_sites'
// RELOCS-NEXT: Offset
// RELOCS-NEXT: 0000000000000000 {{.*}} R_X86_64_PC32 {{.*}} .text + 4
// RELOCS-NEXT: 0000000000000004 {{.*}} R_X86_64_PC32 {{.*}} .text + 0
// RELOCS-NEXT: 0000000000000008 {{.*}} R_X86_64_PC32 {{.*}} .text + d
