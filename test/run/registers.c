// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every register that means something at an entry or a return survives each class of trampoline:
// function, function_graph (without and with stack arguments), function_graph with limits, callbacks.
// RUN: %luge_cc -O1 -I%source/runtime/include %s -o %t
// RUN: env LUGE_FILE=%t.1 LUGE_TRACER=nop %t function function_graph callbacks both | %check
// RUN: env LUGE_FILE=%t.2 LUGE_TRACER=nop LUGE_DEPTH=5 %t function_graph both | %check(LIMITS)
// RUN: env LUGE_FILE=%t.2 LUGE_TRACER=nop LUGE_DEPTH=1 %t function_graph | %check(LIMITS)
// RUN: env LUGE_FILE=%t.3 LUGE_TRACER=nop LUGE_THRESHOLD=1000000000 %t function_graph | %check(LIMITS)
// ALL:      off: registers kept
// ALL-NEXT: function: registers kept
// ALL-NEXT: function_graph: registers kept
// ALL-NEXT: callbacks: registers kept
// ALL-NEXT: both: registers kept
// ALL-NEXT: 0 failures
// LIMITS:   function_graph: registers kept
// LIMITS:   0 failures
#include <luge/ftrace.h>
#include <stdint.h>
#include <string.h>

#include "Inputs/check.h"
#include "Inputs/traced.h"

// What the body finds at its entry, what it leaves at its return, what the caller finds then.
struct state {
  uint64_t gpr[9];       // rdi rsi rdx rcx r8 r9 rax r10 rsp
  uint64_t saved[6];     // rbx rbp r12-r15
  uint64_t vector[8][4]; // ymm0-7
  uint64_t stack[3];     // stack arguments
};
struct state sent, seen, left, got;
int have_avx;

#define SAVE(where, gprs)                                                                          \
  gprs " mov %rbx, " where "+72(%rip)\n mov %rbp, " where "+80(%rip)\n mov %r12, " where          \
       "+88(%rip)\n mov %r13, " where "+96(%rip)\n mov %r14, " where "+104(%rip)\n mov %r15, "    \
       where "+112(%rip)\n"
#define SAVE_YMM(where)                                                                            \
  " cmpl $0, have_avx(%rip)\n je 1f\n"                                                             \
  " vmovups %ymm0, " where "+120(%rip)\n vmovups %ymm1, " where "+152(%rip)\n"                     \
  " vmovups %ymm2, " where "+184(%rip)\n vmovups %ymm3, " where "+216(%rip)\n"                     \
  " vmovups %ymm4, " where "+248(%rip)\n vmovups %ymm5, " where "+280(%rip)\n"                     \
  " vmovups %ymm6, " where "+312(%rip)\n vmovups %ymm7, " where "+344(%rip)\n 1:\n"
#define LOAD_YMM(where)                                                                            \
  " cmpl $0, have_avx(%rip)\n je 1f\n"                                                             \
  " vmovups " where "+120(%rip), %ymm0\n vmovups " where "+152(%rip), %ymm1\n"                     \
  " vmovups " where "+184(%rip), %ymm2\n vmovups " where "+216(%rip), %ymm3\n"                     \
  " vmovups " where "+248(%rip), %ymm4\n vmovups " where "+280(%rip), %ymm5\n"                     \
  " vmovups " where "+312(%rip), %ymm6\n vmovups " where "+344(%rip), %ymm7\n 1:\n"
#define RETURN                                                                                     \
  LOAD_YMM("left")                                                                                 \
  " fninit\n fld1\n fldpi\n"                                                                       \
  " mov left+48(%rip), %rax\n mov left+16(%rip), %rdx\n mov left+24(%rip), %rcx\n ret\n"
#define GENERAL                                                                                       \
  SAVE("seen",                                                                                     \
       " mov %rdi, seen(%rip)\n mov %rsi, seen+8(%rip)\n mov %rdx, seen+16(%rip)\n"                \
       " mov %rcx, seen+24(%rip)\n mov %r8, seen+32(%rip)\n mov %r9, seen+40(%rip)\n"              \
       " mov %rax, seen+48(%rip)\n mov %r10, seen+56(%rip)\n mov %rsp, seen+64(%rip)\n")           \
  " mov 8(%rsp), %r11\n mov %r11, seen+376(%rip)\n mov 16(%rsp), %r11\n mov %r11, seen+384(%rip)\n" \
  " mov 24(%rsp), %r11\n mov %r11, seen+392(%rip)\n"
#define BODY GENERAL SAVE_YMM("seen") RETURN

TRACED(no_stack, 0, BODY);
TRACED(three_words, 3, BODY);
TRACED(two_words, 2, BODY);
TRACED_FLAGS(general, 0x81, 0, GENERAL RETURN); // no vector register is live at its entry
TRACED_FLAGS(general_two, 0x81, 2, GENERAL RETURN);

// call_with(f): loads everything of `sent`, pushes three words, calls, stores what came back.
asm(".text\n .globl call_with\n .type call_with,@function\ncall_with:\n"
    " push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    " mov %rdi, %r11\n mov %rsp, callers_rsp(%rip)\n"
    " pushq sent+392(%rip)\n pushq sent+384(%rip)\n pushq sent+376(%rip)\n"
    LOAD_YMM("sent")
    " mov sent(%rip), %rdi\n mov sent+8(%rip), %rsi\n mov sent+16(%rip), %rdx\n"
    " mov sent+24(%rip), %rcx\n mov sent+32(%rip), %r8\n mov sent+40(%rip), %r9\n"
    " mov sent+48(%rip), %rax\n mov sent+56(%rip), %r10\n mov sent+72(%rip), %rbx\n"
    " mov sent+80(%rip), %rbp\n mov sent+88(%rip), %r12\n mov sent+96(%rip), %r13\n"
    " mov sent+104(%rip), %r14\n mov sent+112(%rip), %r15\n"
    " mov %rsp, sent+64(%rip)\n"
    " call *%r11\n"
    SAVE("got", " mov %rax, got+48(%rip)\n mov %rdx, got+16(%rip)\n mov %rcx, got+24(%rip)\n"
                " mov %rsp, got+64(%rip)\n")
    SAVE_YMM("got")
    " fstpt x87(%rip)\n fstpt x87+16(%rip)\n"
    " cmpl $0, have_avx(%rip)\n je 1f\n vzeroupper\n 1:\n"
    " mov callers_rsp(%rip), %rsp\n pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n");
void call_with(void (*f)(void));
void no_stack(void), two_words(void), three_words(void), general(void), general_two(void);
uint64_t callers_rsp;
struct { long double value; } x87[2] __attribute__((aligned(16)));

static void once(void (*f)(void), int words) {
  memset(&seen, 0, sizeof seen);
  memset(&got, 0, sizeof got);
  call_with(f);
  for (int i = 0; i < 8; i++)
    EXPECT(seen.gpr[i] == sent.gpr[i]);
  for (int i = 0; i < 6; i++) // rbp is the trampoline's frame there, as in any function that has one
    EXPECT(i == 1 || seen.saved[i] == sent.saved[i]);
  EXPECT(!memcmp(got.saved, sent.saved, sizeof sent.saved));
  EXPECT(got.gpr[6] == left.gpr[6] && got.gpr[2] == left.gpr[2] && got.gpr[3] == left.gpr[3]);
  EXPECT(got.gpr[8] == sent.gpr[8]);
  EXPECT((seen.gpr[8] & 15) == ((sent.gpr[8] - 8) & 15)); // as aligned as without a trampoline
  for (int i = 0; i < words; i++)
    EXPECT(seen.stack[i] == sent.stack[i]);
  if (have_avx) {
    EXPECT(f == general || f == general_two || !memcmp(seen.vector, sent.vector, sizeof sent.vector));
    EXPECT(!memcmp(got.vector, left.vector, sizeof left.vector));
  }
  EXPECT(x87[0].value > 3.14L && x87[0].value < 3.15L && x87[1].value == 1.0L);
}

static void all(const char *what) {
  for (int i = 0; i < 20000; i++) { // more than one block of the ring
    for (unsigned k = 0; k < sizeof sent / 8; k++) {
      ((uint64_t *)&sent)[k] = 0x0101010101010101u * (unsigned)(i + 1) + k * 0x1234567u;
      ((uint64_t *)&left)[k] = ~((uint64_t *)&sent)[k];
    }
    once(no_stack, 0);
    once(three_words, 3);
    once(two_words, 2);
    once(general, 0);
    once(general_two, 2);
    if (failures)
      break;
  }
  printf("%s: registers %s\n", what, failures ? "LOST" : "kept");
}

static long calls;
// Loses everything that a function may lose.
static void clobber(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  calls++;
  EXPECT(ftrace_regs_get_argument(regs, 0) == sent.gpr[0]);
  EXPECT(ftrace_regs_get_argument(regs, 5) == sent.gpr[5]);
  EXPECT(ftrace_regs_get_argument(regs, 6) == sent.stack[0]);
  EXPECT(ftrace_regs_get_instruction_pointer(regs) == ip);
  EXPECT(luge_regs_get_register(regs, ftrace_regs_query_register_offset("rbp")) == sent.saved[1]);
  EXPECT(luge_regs_get_register(regs, ftrace_regs_query_register_offset("r10")) == sent.gpr[7]);
  EXPECT(luge_regs_get_register(regs, ftrace_regs_query_register_offset("rip")) == ip);
  EXPECT(ftrace_regs_query_register_offset("all") < 0 && ftrace_regs_query_register_offset("body") < 0);
  asm volatile("xor %%edi,%%edi\n xor %%esi,%%esi\n xor %%edx,%%edx\n xor %%ecx,%%ecx\n xor %%eax,%%eax\n"
               " xor %%r8d,%%r8d\n xor %%r9d,%%r9d\n xor %%r10d,%%r10d\n xor %%r11d,%%r11d\n"
               ::: "rdi", "rsi", "rdx", "rcx", "rax", "r8", "r9", "r10", "r11");
  if (have_avx)
    asm volatile("vzeroall" ::: "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                 "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
  (void)parent, (void)op;
}

int main(int argc, char **argv) {
  have_avx = __builtin_cpu_supports("avx") != 0;
  struct ftrace_ops ops = {.func = clobber};
  const char *mine = "no_stack;two_words;three_words;general;general_two";
  all("off");
  for (int i = 1; i < argc && !failures; i++) {
    int both = !strcmp(argv[i], "both"), callbacks = both || !strcmp(argv[i], "callbacks");
    if (callbacks) {
      ftrace_set_filter(&ops, mine, (int)strlen(mine), 1);
      EXPECT(register_ftrace_function(&ops) == 0);
    }
    if (!callbacks || both)
      EXPECT(luge_set_tracer(both ? "function_graph" : argv[i], mine, NULL) == 0);
    EXPECT(luge_sites_on() == 5);
    calls = 0;
    all(argv[i]);
    EXPECT(!callbacks || calls == 100000);
    EXPECT(luge_set_tracer("nop", NULL, NULL) == 0);
    if (callbacks)
      EXPECT(unregister_ftrace_function(&ops) == 0);
    EXPECT(luge_sites_on() == 0);
  }
  ftrace_free_filter(&ops);
  printf("%d failures\n", failures);
  return failures != 0;
}
