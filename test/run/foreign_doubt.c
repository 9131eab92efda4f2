// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What looks like five NOPs and is not: an area of four before a body whose loop begins with a NOP; four as one NOP,
// and another; a second record of one function; a record of nothing. None is changed, and the program runs.
// RUN: %bare_cc -O2 -I%source/runtime/include -L%luge_lib -Wl,-rpath,%luge_lib %s -o %t -lluge
// RUN: env LUGE_FOREIGN=list %t 2>&1 | %check
// ALL: luge: {{.*}}: 2 of 3 functions with NOPs cannot be traced: 1: fewer than five bytes of NOPs at the entry; 1: something may jump among the NOPs
// ALL: luge: {{.*}}: not traced: {{.*}}: something may jump among the NOPs
// ALL: luge: {{.*}}: not traced: {{.*}}: fewer than five bytes of NOPs at the entry
// ALL: 0 failures
#include <luge/ftrace.h>
#include <string.h>

#include "Inputs/check.h"

#define FUNCTION(name, nops, body)                                                                             \
  asm(".text\n .p2align 4\n .globl " #name "\n .type " #name ", @function\n" #name ":\n .cfi_startproc\n" nops   \
      body " ret\n .cfi_endproc\n .size " #name ", . - " #name "\n"                                             \
      " .pushsection __patchable_function_entries,\"awo\",@progbits," #name "\n .balign 8\n .quad " #name "\n"  \
      " .popsection\n")
long loops(long n), short_area(long n), fine(long n);
FUNCTION(loops, " nop\n nop\n nop\n nop\n", "1: nop\n lea 3(%rax), %rax\n dec %rdi\n jnz 1b\n");
FUNCTION(short_area, " .byte 0x0f, 0x1f, 0x40, 0x00\n", "1: nop\n lea 3(%rax), %rax\n dec %rdi\n jnz 1b\n");
FUNCTION(fine, " .byte 0x0f, 0x1f, 0x44, 0x00, 0x08\n", " mov %rdi, %rax\n");
asm(" .pushsection __patchable_function_entries,\"awo\",@progbits,fine\n .balign 8\n .quad fine, 0\n .popsection\n");

static unsigned char code[2][8];
static volatile long calls;
static void note(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)parent, (void)op, (void)regs;
  calls += ip == (unsigned long)fine;
}

int main(void) {
  memcpy(code[0], (void *)loops, 8);
  memcpy(code[1], (void *)short_area, 8);
  struct ftrace_ops ops = {.func = note};
  EXPECT(luge_site_count() == 1);
  EXPECT(register_ftrace_function(&ops) == 0);
  EXPECT(luge_sites_on() == 1);
  loops(1000);
  short_area(1000);
  EXPECT(fine(7) == 7 && calls == 1);
  EXPECT(!memcmp(code[0], (void *)loops, 8) && !memcmp(code[1], (void *)short_area, 8));
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(fine(7) == 7 && calls == 1);
  printf("%d failures\n", failures);
  return failures != 0;
}
