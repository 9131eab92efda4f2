/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with t0 = &slot; they count, change only t0 and t3 (t0 and
   t4 where an indirect tail call has its target in t3), and go on at slot.body. */
  .text
  .macro count name, counter, scratch, kept
  .globl \name
  .type \name, %function
  .p2align 4
\name:
  auipc zero, 0                 /* lpad 0 */
  addi sp, sp, -16
  sd \kept, 0(sp)
  lla \scratch, \counter
  li \kept, 1
  amoadd.d zero, \kept, (\scratch)
  ld \kept, 0(sp)
  addi sp, sp, 16
  ld \scratch, 8(t0)
  jr \scratch
  .size \name, . - \name
  .endm
  count luge_count_entry, luge_entries, t3, t5
  count luge_count_exit, luge_exits, t3, t5
  count luge_count_exit_alternate, luge_exits, t4, t5
  .section .note.GNU-stack,"",%progbits
