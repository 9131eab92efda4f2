// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every register that means something at an entry or at a return, through every class of trampoline and every mixture
// of users: integer arguments, rax, r10, what a callee keeps, vector arguments in their whole width, results in rax,
// rdx, vectors and two x87 registers, the control words of x87 and SSE, stack arguments, the stack pointer. The
// callbacks lose whatever they may. (Mask registers: nothing of the psABI lives in them at a call.)
// RUN: %compile_c && %users
#include <stdint.h>
#include <string.h>

#include "../run/Inputs/traced.h"
#include "torture.h"

struct state {
  uint64_t gpr[9];       // rdi rsi rdx rcx r8 r9 rax r10 rsp
  uint64_t saved[6];     // 72: rbx rbp r12-r15
  uint64_t stack[3];     // 120: stack arguments
  uint32_t mxcsr, x87;   // 144
  uint64_t unused[5];    // 152
  uint64_t vector[8][8]; // 192: zmm0-7
};
_Static_assert(offsetof(struct state, vector) == 192, "as below");
struct state sent, seen, left, got;
int vector_class; // 0: xmm, 1: ymm, 2: zmm
uint64_t callers_rsp, control[2];
long double x87[2];

#define VECTORS(op_x, op_y, op_z)                                                                  \
  " cmpl $1, vector_class(%rip)\n ja 2f\n je 1f\n"                                                 \
  " .irp n, 0, 1, 2, 3, 4, 5, 6, 7\n " op_x "\n .endr\n jmp 3f\n"                                  \
  "1: .irp n, 0, 1, 2, 3, 4, 5, 6, 7\n " op_y "\n .endr\n jmp 3f\n"                                \
  "2: .irp n, 0, 1, 2, 3, 4, 5, 6, 7\n " op_z "\n .endr\n 3:\n"
#define AT(where) where "+192+64*\\n(%rip)"
#define SAVE_VECTORS(where)                                                                        \
  VECTORS("movups %xmm\\n, " AT(where), "vmovups %ymm\\n, " AT(where), "vmovups %zmm\\n, " AT(where))
#define LOAD_VECTORS(where)                                                                        \
  VECTORS("movups " AT(where) ", %xmm\\n", "vmovups " AT(where) ", %ymm\\n", "vmovups " AT(where) ", %zmm\\n")
#define SAVE(where)                                                                                \
  " mov %rdi, " where "(%rip)\n mov %rsi, " where "+8(%rip)\n mov %rdx, " where "+16(%rip)\n"      \
  " mov %rcx, " where "+24(%rip)\n mov %r8, " where "+32(%rip)\n mov %r9, " where "+40(%rip)\n"    \
  " mov %rax, " where "+48(%rip)\n mov %r10, " where "+56(%rip)\n mov %rsp, " where "+64(%rip)\n"  \
  " mov %rbx, " where "+72(%rip)\n mov %rbp, " where "+80(%rip)\n mov %r12, " where "+88(%rip)\n"  \
  " mov %r13, " where "+96(%rip)\n mov %r14, " where "+104(%rip)\n mov %r15, " where "+112(%rip)\n" \
  " stmxcsr " where "+144(%rip)\n fnstcw " where "+148(%rip)\n" SAVE_VECTORS(where)
#define LOAD_ARGUMENTS(where)                                                                      \
  LOAD_VECTORS(where)                                                                              \
  " mov " where "(%rip), %rdi\n mov " where "+8(%rip), %rsi\n mov " where "+16(%rip), %rdx\n"      \
  " mov " where "+24(%rip), %rcx\n mov " where "+32(%rip), %r8\n mov " where "+40(%rip), %r9\n"    \
  " mov " where "+48(%rip), %rax\n mov " where "+56(%rip), %r10\n"
#define BODY                                                                                       \
  SAVE("seen")                                                                                     \
  " mov 8(%rsp), %r11\n mov %r11, seen+120(%rip)\n mov 16(%rsp), %r11\n mov %r11, seen+128(%rip)\n" \
  " mov 24(%rsp), %r11\n mov %r11, seen+136(%rip)\n" LOAD_ARGUMENTS("left") " fld1\n fldpi\n ret\n"

TRACED(no_words, 0, BODY);
TRACED(two_words, 2, BODY);
TRACED(three_words, 3, BODY);
void no_words(void), two_words(void), three_words(void);

// Everything of `sent` into the registers, three words on the stack, a call, everything into `got`.
void call_with(void (*f)(void));
__asm__(".text\n .globl call_with\n .type call_with,@function\ncall_with:\n"
        " push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
        " mov %rdi, %r11\n mov %rsp, callers_rsp(%rip)\n stmxcsr control(%rip)\n fnstcw control+8(%rip)\n"
        " ldmxcsr sent+144(%rip)\n fldcw sent+148(%rip)\n"
        " pushq sent+136(%rip)\n pushq sent+128(%rip)\n pushq sent+120(%rip)\n" LOAD_ARGUMENTS("sent")
        " mov sent+72(%rip), %rbx\n mov sent+80(%rip), %rbp\n mov sent+88(%rip), %r12\n"
        " mov sent+96(%rip), %r13\n mov sent+104(%rip), %r14\n mov sent+112(%rip), %r15\n"
        " mov %rsp, sent+64(%rip)\n call *%r11\n" SAVE("got")
        " fstpt x87(%rip)\n fstpt x87+16(%rip)\n ldmxcsr control(%rip)\n fldcw control+8(%rip)\n"
        " cmpl $0, vector_class(%rip)\n je 4f\n vzeroupper\n 4:\n mov callers_rsp(%rip), %rsp\n"
        " pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n"
        " .size call_with, . - call_with\n");

// A direct user: the code that the sled leads to.
void passes_on(void);
__asm__(".text\n .globl passes_on\n .type passes_on,@function\npasses_on:\n endbr64\n mov 8(%r11), %r11\n"
        " jmp *(%r11)\n .size passes_on, . - passes_on\n");

static void once(void (*f)(void), int words) {
  size_t width = vector_class == 2 ? 64 : vector_class == 1 ? 32 : 16;
  memset(&seen, 0, sizeof seen);
  memset(&got, 0, sizeof got);
  call_with(f);
  for (int i = 0; i < 8; i++)
    EXPECT(seen.gpr[i] == sent.gpr[i]);
  for (int i = 0; i < 6; i++) // rbp is the trampoline's frame there, as in any function that has one
    EXPECT(i == 1 || seen.saved[i] == sent.saved[i]);
  EXPECT(!memcmp(got.saved, sent.saved, sizeof sent.saved));
  EXPECT(got.gpr[6] == left.gpr[6] && got.gpr[2] == left.gpr[2]); // rax, rdx
  EXPECT(got.gpr[8] == sent.gpr[8]);
  EXPECT((seen.gpr[8] & 15) == ((sent.gpr[8] - 8) & 15)); // as aligned as without a trampoline
  EXPECT(!memcmp(seen.stack, sent.stack, 8 * (size_t)words));
  for (int i = 0; i < 8; i++)
    EXPECT(!memcmp(seen.vector[i], sent.vector[i], width));
  for (int i = 0; i < 2; i++)
    EXPECT(!memcmp(got.vector[i], left.vector[i], width));
  EXPECT((seen.mxcsr & ~0x3fu) == sent.mxcsr && (got.mxcsr & ~0x3fu) == sent.mxcsr);
  EXPECT((seen.x87 & 0xffff) == sent.x87 && (got.x87 & 0xffff) == sent.x87);
  EXPECT(x87[0] > 3.14L && x87[0] < 3.15L && x87[1] == 1.0L);
}

UNTRACED static void check_all(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  static const char *const names[] = {"rdi", "rsi", "rdx", "rcx", "r8", "r9", "rax", "r10", "rsp",
                                      "rbx", "rbp", "r12", "r13", "r14", "r15"};
  for (int i = 0; i < 15; i++) {
    int offset = ftrace_regs_query_register_offset(names[i]);
    uint64_t value = luge_regs_get_register(regs, offset), expected = i < 9 ? sent.gpr[i] : sent.saved[i - 9];
    EXPECT(offset >= 0 && (i == 8 ? value + 8 == expected : value == expected));
  }
  (void)ip, (void)parent, (void)op;
}

static void all(int rounds) {
  for (int i = 0; i < rounds; i++) {
    for (unsigned k = 0; k < sizeof sent / 8; k++) {
      ((uint64_t *)&sent)[k] = 0x0101010101010101u * (unsigned)(i + 1) + k * 0x1234567u;
      ((uint64_t *)&left)[k] = ~((uint64_t *)&sent)[k];
    }
    sent.mxcsr = 0x1f80 | (unsigned)(i & 3) << 13; // each way to round
    sent.x87 = 0x37f | (unsigned)(i & 3) << 10;
    once(no_words, 0);
    once(three_words, 3);
    once(two_words, 2);
  }
}

TORTURE(60, OWN_USERS) {
  static const char mine[] = "no_words;two_words;three_words";
  struct ftrace_ops ops = {.func = check_all, .flags = FTRACE_OPS_FL_SAVE_REGS};
  vector_class = __builtin_cpu_supports("avx512f") ? 2 : __builtin_cpu_supports("avx") ? 1 : 0;
  all(20);
  for (int turn = 0; turn < 3; turn++) { // one more with all registers, then a counting one, then a direct one
    EXPECT(ftrace_set_filter(&ops, mine, sizeof mine - 1, 1) == 0);
    EXPECT((turn < 2 ? register_ftrace_function(&ops) : register_ftrace_direct(&ops, (unsigned long)passes_on)) == 0);
    all(20);
    if (turn < 2)
      EXPECT(unregister_ftrace_function(&ops) == 0);
    else
      EXPECT(unregister_ftrace_direct(&ops, (unsigned long)passes_on, 1) == 0);
    ftrace_free_filter(&ops);
    ops.flags = turn ? 0 : LUGE_OPS_FL_COUNT;
  }
}
