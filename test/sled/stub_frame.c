// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An unwinder that starts in a stub finds a frame description: one FDE for all stubs of a text section, 20 bytes, where
// functions have unwind tables that are right at every instruction. It begins at the first stub, behind all code, and
// ends with the last. A function with a section of its own ends with its stubs, and its own FDE goes on to there,
// with the frame of the entry again. The stubs in sections that the compiler splits while it writes them have one for
// each function.
// RUN: %cc -O1 -c -o %t.o %s
// RUN: %dwarfdump --eh-frame %t.o | %check(SHARED)
// RUN: %cc -O1 -c -o %t.o %s %opt(exits=on)
// RUN: %dwarfdump --eh-frame %t.o | grep FDE | count 6
// RUN: %cc -O1 -S -o %t.s %s && %bare_cc -c -o %t.again.o %t.s
// RUN: %dwarfdump --eh-frame %t.again.o | %check(SHARED)
// RUN: %if gcc %{ %cc -O1 -fno-dwarf2-cfi-asm -c -o %t.o %s %}
// RUN: %if clang %{ %cc -O1 -fno-integrated-as -c -o %t.o %s %}
// RUN: %dwarfdump --eh-frame %t.o | %check(SHARED)
// RUN: %if clang %{ %cc -O1 -fbasic-block-sections=all -c -o %t.o %s %}
// RUN: %if clang %{ %dwarfdump --eh-frame %t.o | grep FDE | count 8 %}
// RUN: %cc -O1 -ffunction-sections -c -o %t.o %s %opt(exits=on)
// RUN: %dwarfdump --eh-frame %t.o | %check(OWN)
// RUN: %if gcc %{ %cc -O1 -ffunction-sections -fno-dwarf2-cfi-asm -c -o %t.o %s %}
// RUN: %if gcc %{ %dwarfdump --eh-frame %t.o | grep FDE | count 7 %}
// A stub at the function's end makes clang 14 crash over the debug information of this.
// RUN: %cxx -std=c++20 -O3 -g -c -o %t.o %S/../arch/program.cpp
//
// Nowhere else.
// RUN: %cc -O1 -g -fno-asynchronous-unwind-tables -c -o %t.o %s
// RUN: %readelf -SW %t.o | not grep eh_frame
// RUN: %cc -O1 -c -o %t.o %s %opt(flavour=nop) %opt(stub=no)
// RUN: %dwarfdump --eh-frame %t.o | grep FDE | count 4
// RUN: %cc -O1 -c -o %t.o %s %opt(entries=pfe)
// RUN: %dwarfdump --eh-frame %t.o | grep FDE | count 4

// SHARED-GCC-COUNT-2:  FDE cie=00000000 pc={{0*}}2e...{{0*}}54
// SHARED-LLVM-COUNT-2: FDE cie=00000000 pc={{0*}}20...{{0*}}46
// SHARED-NEXT:         Format
// SHARED-NEXT:         DW_CFA_nop
// SHARED-NEXT:         DW_CFA_nop
// SHARED-NEXT:         DW_CFA_nop
// SHARED-EMPTY:
// SHARED-NEXT:         CFA=RSP+8: RIP=[CFA-8]
// SHARED-COUNT-4:      FDE
// SHARED-NOT:          FDE
// OWN-COUNT-4:         FDE
// OWN:                 DW_CFA_remember_state:
// OWN:                 DW_CFA_restore_state:
// OWN:                 CFA=RSP+16: RIP=[CFA-8]
// OWN-NEXT:            CFA=RSP+8: RIP=[CFA-8]
// OWN-NEXT:            CFA=RSP+8: RIP=[CFA-8]
// OWN:                 FDE
// OWN-NOT:             FDE
int other(int);
#define IN_FIRST __attribute__((noinline, section("first")))
IN_FIRST int a(int x) { return other(x) + 1; }
IN_FIRST int b(int x) { return other(x) + 2; }
int c(int x) { return other(x) + 3; }
int d(int x) { return other(x) + 4; }
