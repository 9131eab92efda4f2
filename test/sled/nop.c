// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The nop flavour, whole, without a landing pad and with one: behind ENDBR64 the sled is moved by a
// 4-byte NOP, so that it stays inside one aligned 8-byte word.
// MATRIX: defect-12
// RUN: %cc -O2 -fcf-protection=none -S -o - %s | %clean | %check(TEXT)
// RUN: %cc -O2 -fcf-protection=none -c -o %t.o %s
// RUN: %objdump -dr --no-leading-addr %t.o | %check(PLAIN)
// RUN: %readelf -x luge_sites %t.o | %check(RECORD)
// RUN: %cc -O2 -fcf-protection=branch -c -o %t.o %s
// RUN: %objdump -dr --no-leading-addr %t.o | %check(PAD)
// RUN: %cc -O2 -fcf-protection=branch -c -o %t.o %s %opt(stub=no)
// RUN: %objdump -dr --no-leading-addr %t.o | %check(BARE)
// RUN: %sites %t.o | %check(SITE)

int f(int x) { return x + 1; }

// TEXT:           {{^}}f:
// TEXT-GCC-NEXT:  .Lluge_f[[#ID:]]:
// TEXT-GCC-NEXT:  .LFB0:
// TEXT-NEXT:      .cfi_startproc
// TEXT-LLVM-NEXT: .Lluge_f[[#ID:]]:
// TEXT:           .p2align 3,{{.*}}4
// TEXT-NEXT:      .Lluge_s[[#ID]]:
// TEXT-NEXT:      .byte {{0x0f,0x1f,0x44,0x00,0x00|15}}

// PLAIN:      <f>:
// PLAIN-NEXT: 0f 1f 44 00 00 nopl (%rax,%rax)
// PLAIN-NEXT: 8d 47 01 leal 0x1(%rdi), %eax
// PLAIN-NEXT: c3 retq
// PLAIN-NEXT: 4c 8d 1d 00 00 00 00 leaq (%rip), %r11
// PLAIN-NEXT: R_X86_64_PC32 .bss.luge_slots{{.*}}-0x4
// PLAIN-NEXT: 41 ff 23 jmpq *(%r11)
// PLAIN-NEXT: f3 0f 1e fa endbr64
// PLAIN-NEXT: e9 e9 ff ff ff jmp

// RECORD: 0x00000000 00000000 00000000 00000000 00800000

// PAD:      <f>:
// PAD-NEXT: f3 0f 1e fa endbr64
// PAD-NEXT: 0f 1f 40 00 nopl (%rax)
// PAD-NEXT: 0f 1f 44 00 00 nopl (%rax,%rax)
// PAD-NEXT: 8d 47 01 leal 0x1(%rdi), %eax
// PAD-NEXT: c3 retq
// PAD-NEXT: 4c 8d 1d

// Only the NOP: nothing behind the function.
// BARE:      <f>:
// BARE-NEXT: f3 0f 1e fa endbr64
// BARE-NEXT: 0f 1f 40 00 nopl (%rax)
// BARE-NEXT: 0f 1f 44 00 00 nopl (%rax,%rax)
// BARE-NEXT: 8d 47 01 leal 0x1(%rdi), %eax
// BARE-NEXT: c3 retq
// BARE-NOT:  jmp
// SITE: f nop sled=+8 prefix=0 args=0 flags=- stub=no section=.text{{$}}
