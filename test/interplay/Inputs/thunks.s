# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What the program brings along for -mindirect-branch=thunk-extern, -mfunction-return=thunk-extern,
# -minstrument-return=call and clang's -mretpoline-external-thunk.
  .text
  .macro thunk name, instruction:vararg
  .globl \name
  .type \name, @function
\name:
  \instruction
  .size \name, . - \name
  .endm
  thunk __x86_return_thunk, ret
  thunk __return__, ret
  .irp r, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
  thunk __x86_indirect_thunk_\r, jmp *%\r
  .endr
  thunk __llvm_retpoline_r11, jmp *%r11
  .section .note.GNU-stack,"",@progbits
