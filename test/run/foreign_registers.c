// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that has the NOPs by its attribute may have callers that know which registers it leaves alone (gcc's
// -fipa-ra): a traced call keeps every register, r11 and whole vector registers too, under a callback that
// loses them all and under the built-in tracers.
// RUN: %bare_cc -O2 -I%source/runtime/include -L%luge_lib -Wl,-rpath,%luge_lib %s -o %t -lluge
// RUN: rm -f %t.ring && env LUGE_FILE=%t.ring %t | %check
// ALL: 0 failures
// RUN: %luge report %t.ring 2>&1 | %check(REPORT)
// REPORT: {{[48]0,000 +}}bare()
#include <luge/ftrace.h>
#include <stdint.h>
#include <string.h>

#include "Inputs/check.h"

// NOPs and record as gcc writes them, before a body that does nothing.
asm(".text\n .p2align 4\n .globl bare\n .type bare, @function\nbare:\n .cfi_startproc\n"
    ".Lrecord: nop\n nop\n nop\n nop\n nop\n ret\n .cfi_endproc\n .size bare, . - bare\n"
    " .pushsection __patchable_function_entries,\"awo\",@progbits,bare\n .balign 8\n .quad .Lrecord\n .popsection\n");

struct state {
  uint64_t general[15]; // rax rbx rcx rdx rsi rdi rbp r8 ... r15
  uint64_t pad;
  uint8_t vectors[16][32];
};
__attribute__((visibility("hidden"))) struct state before, after;
void call_bare_sse(void), call_bare_avx(void);

#define GENERAL(each)                                                                                          \
  each("rax", "0") each("rbx", "8") each("rcx", "16") each("rdx", "24") each("rsi", "32") each("rdi", "40")     \
  each("rbp", "48") each("r8", "56") each("r9", "64") each("r10", "72") each("r11", "80") each("r12", "88")     \
  each("r13", "96") each("r14", "104") each("r15", "112")
#define LOAD(reg, at) " mov before+" at "(%rip), %" reg "\n"
#define STORE(reg, at) " mov %" reg ", after+" at "(%rip)\n"
#define CALLER(name, vectors)                                                                                  \
  asm(".globl " name "\n" name ":\n push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"    \
      " sub $8, %rsp\n .irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n " vectors " before+128+32*\\n(%rip), %"   \
      REGISTER "\\n\n .endr\n" GENERAL(LOAD) " call bare\n" GENERAL(STORE)                                      \
      " .irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n " vectors " %" REGISTER "\\n, after+128+32*\\n(%rip)\n"  \
      " .endr\n add $8, %rsp\n pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n")
#define REGISTER "xmm"
CALLER("call_bare_sse", "movups");
#undef REGISTER
#define REGISTER "ymm"
CALLER("call_bare_avx", "vmovups");

static int has_avx;
static volatile long calls;
#define EVERY_XMM                                                                                                \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",     \
      "xmm13", "xmm14", "xmm15"
static void loses(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
  calls++;
  asm volatile("mov $-1, %%rax; mov $-1, %%rcx; mov $-1, %%rdx; mov $-1, %%rsi; mov $-1, %%rdi; mov $-1, %%r8;"
               "mov $-1, %%r9; mov $-1, %%r10; mov $-1, %%r11" ::: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
               "r11");
  asm volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n pcmpeqd %%xmm\\n, %%xmm\\n\n .endr" ::: EVERY_XMM);
  if (has_avx)
    asm volatile("vzeroall" ::: EVERY_XMM);
}

static int kept(int avx) {
  memset(&after, 0, sizeof after);
  if (avx)
    call_bare_avx();
  else
    call_bare_sse();
  for (int i = 0; i < 16; i++)
    if (memcmp(before.vectors[i], after.vectors[i], avx ? 32 : 16))
      return 0;
  return !memcmp(before.general, after.general, sizeof before.general);
}

int main(void) {
  has_avx = __builtin_cpu_supports("avx") != 0;
  for (unsigned i = 0; i < sizeof before; i++)
    ((unsigned char *)&before)[i] = (unsigned char)(i * 37 + 11);
  struct ftrace_ops ops = {.func = loses};
  for (int avx = 0; avx <= has_avx; avx++) {
    EXPECT(kept(avx));
    EXPECT(register_ftrace_function(&ops) == 0);
    EXPECT(luge_sites_on() == 1);
    calls = 0;
    EXPECT(kept(avx) && calls == 1);
    EXPECT(unregister_ftrace_function(&ops) == 0);
    for (int graph = 0; graph < 2; graph++) {
      EXPECT(luge_set_tracer(graph ? "function_graph" : "function", "bare", "") == 0);
      for (int i = 0; i < 20000; i++) // through more than one block of the ring
        if (!kept(avx)) {
          EXPECT(!"kept");
          break;
        }
      EXPECT(luge_set_tracer("nop", "", "") == 0);
    }
    EXPECT(kept(avx));
  }
  printf("%d failures\n", failures);
  return failures != 0;
}
