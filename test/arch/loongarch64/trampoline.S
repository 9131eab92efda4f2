/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines: reached through a stub with t0 = &slot (t2 before an indirect tail call through t0
   or t1); they count, change only that register, the next one and t5 (which holds no target in the tests), and
   go on at slot.body. */
  .text
  .macro count name, counter, slot, scratch
  .globl \name
  .type \name, %function
  .p2align 4
\name:
  pcalau12i \scratch, %pc_hi20(\counter)
  addi.d \scratch, \scratch, %pc_lo12(\counter)
  ld.d $t5, \scratch, 0
  addi.d $t5, $t5, 1
  st.d $t5, \scratch, 0
  ld.d \scratch, \slot, 8
  jr \scratch
  .size \name, . - \name
  .endm
  .hidden luge_entries
  .hidden luge_exits
  count luge_count_entry, luge_entries, $t0, $t1
  count luge_count_exit, luge_exits, $t0, $t1
  count luge_count_exit_alternate, luge_exits, $t2, $t3
  .section .note.GNU-stack,"",%progbits
