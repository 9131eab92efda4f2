// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The patch protocol where it is least convenient: sleds whose five bytes lie across two cache lines, or two pages,
// at each offset, and whose displacement has four different bytes, none of them zero. Two threads execute them
// while a third switches; a processor that saw a mixture would jump nowhere.
// RUN: %compile_c -no-pie -Wl,--section-start=.torture_stubs=0x1b2c5e80 && %users
#include <pthread.h>

#include "torture.h"

// As TRACED of test/run/Inputs/traced.h, at an offset in its page and with its stub far away.
#define TRACED_AT(name, number, page_offset)                                                       \
  __asm__(".pushsection .text." #name ",\"ax\",@progbits\n .p2align 12\n .skip " #page_offset ", 0xcc\n" \
          " .globl " #name "\n .type " #name ",@function\n" #name ":\n .cfi_startproc\n"           \
          ".Ls_" #name ": .byte 0x3d\n .long .Lt_" #name " - . - 4\n lea " #number "(%rdi), %rax\n ret\n" \
          " .cfi_endproc\n .size " #name ", . - " #name "\n .popsection\n"                         \
          " .pushsection .torture_stubs,\"ax\",@progbits\n"                                        \
          ".Lt_" #name ": .byte 0x4c,0x8d,0x1d\n .long .Lr_" #name " - . - 4\n"                    \
          " .byte 0x41,0xff,0x23, 0xf3,0x0f,0x1e,0xfa, 0xe9\n .long .Ls_" #name " + 5 - . - 4\n .popsection\n" \
          " .pushsection .bss.luge_slots,\"aw\",@nobits\n .balign 16\n.Lr_" #name ": .zero 16\n .popsection\n" \
          " .pushsection luge_sites,\"ao\",@progbits,.text." #name "\n .balign 4\n"                \
          " .long .Ls_" #name " - ., " #name " - ., .Lt_" #name " - .\n .byte 0, 1, 0, 0\n .popsection\n"); \
  long name(long)

TRACED_AT(line_60, 1, 60);
TRACED_AT(line_61, 2, 125);
TRACED_AT(line_62, 3, 190);
TRACED_AT(line_63, 4, 255);
TRACED_AT(page_4092, 5, 4092);
TRACED_AT(page_4093, 6, 4093);
TRACED_AT(page_4094, 7, 4094);
TRACED_AT(page_4095, 8, 4095);
static long (*const functions[8])(long) = {line_60, line_61, line_62, line_63, page_4092, page_4093, page_4094, page_4095};

NOINLINE static void *execute(void *arg) {
  for (long i = 0; i < 2000; i++)
    for (long k = 0; k < 8; k++)
      EXPECT(functions[k](i) == i + k + 1);
  return arg;
}

UNTRACED int torture_setup(int argc, char **argv) {
  (void)argc, (void)argv;
  for (int k = 0; k < 8; k++) {
    const unsigned char *sled = (const unsigned char *)functions[k];
    EXPECT(((unsigned long)sled & 63) == 60u + (unsigned)(k & 3));
    EXPECT(k < 4 || ((unsigned long)sled & 4095) == 4092u + (unsigned)(k & 3));
    for (int i = 1; i < 5; i++)
      for (int j = 0; j < i; j++)
        EXPECT(sled[i] != sled[j] && sled[i]);
  }
  return torture_status() ? 2 : -1;
}

TORTURE(200, 0) {
  pthread_t t;
  pthread_create(&t, NULL, execute, NULL);
  execute(NULL);
  pthread_join(t, NULL);
}
