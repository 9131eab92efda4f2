/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with r14 = &slot and the true r14, r0, r1 at 96, 112 and
   120 of the save area. They count, give r14 and r0 back, change r1 and the condition code, and go on at
   slot.body, which gives r1 back. */
  .text
  .macro count name, counter
  .globl \name
  .type \name, @function
  .balign 8
\name:
  larl %r1, \counter
  lg %r0, 0(%r1)
  aghi %r0, 1
  stg %r0, 0(%r1)
  lg %r1, 8(%r14)
  lg %r0, 112(%r15)
  lg %r14, 96(%r15)
  br %r1
  .size \name, . - \name
  .endm
  .hidden luge_entries
  .hidden luge_exits
  count luge_count_entry, luge_entries
  count luge_count_exit, luge_exits
  .section .note.GNU-stack,"",@progbits
