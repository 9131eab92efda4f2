/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Counting trampolines, n64 and o32: reached through a stub with $13 = &slot ($2 where the target of an
   indirect tail call may be in $12-$14); they count, change $1 and the registers that the stub has changed,
   and go on at slot.body. */
#ifdef __mips64
# define POINTER_SIZE 8
# define LOAD ld
# define ADD daddu
#else
# define POINTER_SIZE 4
# define LOAD lw
# define ADD addu
#endif
  .text
  .set noreorder
  .set noat
  .macro count name, counter, slot, kept, scratch
  .globl \name
  .type \name, %function
  .p2align 4
\name:
  or \kept, $31, $0
  bal 1f
  nop
  .word \counter - .
1:
  lw \scratch, 0($31)
  ADD \scratch, \scratch, $31
  lw $1, 0(\scratch)
  addiu $1, $1, 1
  sw $1, 0(\scratch)
  or $31, \kept, $0
  LOAD \scratch, POINTER_SIZE(\slot)
  jr \scratch
  nop
  .size \name, . - \name
  .endm
  count luge_count_entry, luge_entries, $13, $12, $14
  count luge_count_exit, luge_exits, $13, $12, $14
  count luge_count_exit_alternate, luge_exits, $2, $24, $3
  .section .note.GNU-stack,"",%progbits
