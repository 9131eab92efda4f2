/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * A traced function written by hand: sled, stub, slot and record as the plugins
 * emit them, around a body in assembler. For what no compiler will write: a body
 * that looks at every register at its very entry.
 */
#define TRACED(name, stack_args, body) TRACED_FLAGS(name, 1, stack_args, body)
#define TRACED_FLAGS(name, flags, stack_args, body)                                                \
  asm(".text\n .p2align 4\n .globl " #name "\n .type " #name ",@function\n" #name ":\n"            \
      " .cfi_startproc\n"                                                                          \
      ".Ls_" #name ": .byte 0x3d\n .long .Lt_" #name " - . - 4\n" body "\n"                       \
      " .cfi_endproc\n .size " #name ", . - " #name "\n"                                           \
      " .subsection 1\n.Lt_" #name ": .byte 0x4c,0x8d,0x1d\n .long .Lr_" #name " - . - 4\n"       \
      " .byte 0x41,0xff,0x23, 0xf3,0x0f,0x1e,0xfa, 0xe9\n .long .Ls_" #name " + 5 - . - 4\n"      \
      " .subsection 0\n .pushsection .bss.luge_slots,\"aw\",@nobits\n .balign 16\n"                \
      ".Lr_" #name ": .zero 16\n .popsection\n"                                                    \
      " .pushsection luge_sites,\"ao\",@progbits," #name "\n .balign 4\n"                         \
      " .long .Ls_" #name " - ., " #name " - ., .Lt_" #name " - .\n"                               \
      " .byte 0, " #flags ", 0, " #stack_args "\n .popsection\n")
