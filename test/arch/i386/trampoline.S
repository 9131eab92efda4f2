/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with eax = &slot and the true eax on the stack; they
   count, change the flags and nothing else, and go on at slot.body. */
  .text
  .macro count name, counter
  .globl \name
  .type \name, @function
  .p2align 4
\name:
  endbr32
  push %edx
  call 1f
1: pop %edx
  addl $1, \counter - 1b(%edx)
  adcl $0, \counter - 1b + 4(%edx)
  pop %edx
  mov 4(%eax), %eax
  xchg %eax, (%esp)
  ret
  .size \name, . - \name
  .endm
  .hidden luge_entries
  .hidden luge_exits
  count luge_count_entry, luge_entries
  count luge_count_exit, luge_exits
  .section .note.GNU-stack,"",@progbits
