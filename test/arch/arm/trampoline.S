/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with ip = &slot, the true ip at [sp] and room for the
   address to go on at behind it; they count, change the flags and nothing else, and go on at slot.body. */
  .syntax unified
  .arm
  .text
  .macro count name, counter
  .globl \name
  .type \name, %function
  .p2align 4
\name:
  push {r0-r3}
  ldr r0, 2f
1: add r0, pc, r0
  ldrd r2, r3, [r0]
  adds r2, r2, #1
  adc r3, r3, #0
  strd r2, r3, [r0]
  ldr r0, [ip, #4]
  str r0, [sp, #20]
  pop {r0-r3}
  pop {ip, pc}
2: .word \counter - 1b - 8
  .size \name, . - \name
  .endm
  .hidden luge_entries
  .hidden luge_exits
  count luge_count_entry, luge_entries
  count luge_count_exit, luge_exits
  .section .note.GNU-stack,"",%progbits
