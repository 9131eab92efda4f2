/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with r11 = &slot (r10 before an indirect tail call through
   r11); they count, change the flags and nothing else but that register, and go on at slot.body. */
  .text
  .macro count name, counter, slot
  .globl \name
  .type \name, @function
  .p2align 4
\name:
  endbr64
  lock incq \counter(%rip)
  jmp *8(\slot)
  .size \name, . - \name
  .endm
  count luge_count_entry, luge_entries, %r11
  count luge_count_exit, luge_exits, %r11
  count luge_count_exit_alternate, luge_exits, %r10
  .section .note.GNU-stack,"",@progbits
