/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with x9 = &slot; they count, change only x9-x11 and the
   flags, and go on at slot.body. */
  .text
  .macro count name, counter
  .globl \name
  .type \name, %function
  .p2align 4
\name:
  hint #38                      /* bti jc */
  adrp x10, \counter
  ldr x11, [x10, :lo12:\counter]
  add x11, x11, #1
  str x11, [x10, :lo12:\counter]
  ldr x9, [x9, #8]
  br x9
  .size \name, . - \name
  .endm
  count luge_count_entry, luge_entries
  count luge_count_exit, luge_exits
  .section .note.GNU-stack,"",%progbits
