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
/* Before an indirect tail call through x9-x15: &slot in x16, and only x16 and x17 may change. */
  .globl luge_count_exit_alternate
  .type luge_count_exit_alternate, %function
  .p2align 4
luge_count_exit_alternate:
  hint #38
  str x9, [sp, #-16]!
  adrp x17, luge_exits
  ldr x9, [x17, :lo12:luge_exits]
  add x9, x9, #1
  str x9, [x17, :lo12:luge_exits]
  ldr x9, [sp], #16
  ldr x16, [x16, #8]
  br x16
  .size luge_count_exit_alternate, . - luge_count_exit_alternate
  .section .note.GNU-stack,"",%progbits
