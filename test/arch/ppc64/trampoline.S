/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with r12 = &slot; they count, change only r0, r12 and CTR,
   and go on at slot.body. Not 8(1), 16(1) and the 288 bytes below r1, which may be in use at an exit. */
  .text
  .macro count name, counter
  .globl \name
  .section .opd, "aw", @progbits
  .balign 8
\name:
  .quad .L\name, .TOC.@tocbase, 0
  .previous
  .type \name, @function
  .p2align 4
.L\name:
  stdu 1, -640(1)
  std 10, 32(1)
  std 11, 40(1)
  mflr 0
  bcl 20, 31, 1f
1:
  mflr 11
  mtlr 0
  addis 11, 11, \counter - 1b@ha
  addi 11, 11, \counter - 1b@l
  ld 10, 0(11)
  addi 10, 10, 1
  std 10, 0(11)
  ld 11, 40(1)
  ld 10, 32(1)
  addi 1, 1, 640
  ld 0, 8(12)
  mtctr 0
  bctr
  .size \name, . - .L\name
  .endm
  count luge_count_entry, luge_entries
  count luge_count_exit, luge_exits
  .section .note.GNU-stack,"",@progbits
