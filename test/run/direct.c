// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Direct calls (a C function in the traced one's place, assembler that goes on to it), IPMODIFY, skipping,
// changed arguments and results, all registers; what excludes what; beside callbacks and graph users.
// RUN: %luge_cc -O2 -I%source/runtime/include %s -o %t -pthread
// RUN: %t | %check
// ALL: 0 failures
#include <errno.h>
#include <luge/ftrace.h>
#include <pthread.h>
#include <string.h>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline, noipa))
#ifdef __clang__
#undef NOINLINE
#define NOINLINE __attribute__((noinline))
#endif
static volatile long sink;
NOINLINE long target(long a, long b) { sink = a; return a * 10 + b; }
NOINLINE long other(long a, long b) { sink = a; return a - b; }
NOINLINE long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  sink = b + c + d + e + f;
  return a + g + h + i;
}

static long (*original)(long, long);
static long direct_calls;
__attribute__((no_instrument_function)) long replaces(long a, long b) {
  __atomic_fetch_add(&direct_calls, 1, __ATOMIC_RELAXED);
  return original(a, b) + 1000;
}
long counted_asm;
asm(".text\n .type counts,@function\ncounts:\n endbr64\n lock incq counted_asm(%rip)\n"
    " mov 8(%r11), %r11\n jmp *(%r11)\n .size counts, . - counts\n");
void counts(void);

static int filter(struct ftrace_ops *ops, const char *glob) { return ftrace_set_filter(ops, glob, (int)strlen(glob), 1); }
static unsigned long flags_of(void *function) {
  struct dyn_ftrace rec;
  EXPECT(luge_ftrace_rec((unsigned long)function, &rec) == 0);
  return rec.flags;
}

static void directs(void) {
  struct ftrace_ops ops = {0}, second = {0};
  unsigned long at = (unsigned long)target, to = (unsigned long)replaces;
  original = (long (*)(long, long))luge_original(at);
  EXPECT(original && original(1, 2) == 12);
  EXPECT(register_ftrace_direct(&ops, to) == -EINVAL); // no filter
  EXPECT(filter(&ops, "target") == 0 && filter(&second, "target;other") == 0);
  EXPECT(register_ftrace_direct(&ops, to) == 0 && ops.flags & FTRACE_OPS_FL_DIRECT);
  EXPECT(register_ftrace_direct(&second, to) == -EBUSY && !(flags_of(other) & FTRACE_FL_ENABLED));
  EXPECT(ftrace_find_rec_direct(at) == to && ftrace_find_rec_direct((unsigned long)other) == 0);
  EXPECT((flags_of(target) & (FTRACE_FL_DIRECT | FTRACE_FL_ENABLED | FTRACE_FL_MODIFIED)) ==
         (FTRACE_FL_DIRECT | FTRACE_FL_ENABLED | FTRACE_FL_MODIFIED));
  EXPECT(target(3, 4) == 1034 && direct_calls == 1);
  EXPECT(modify_ftrace_direct(&ops, (unsigned long)counts) == 0);
  EXPECT(target(3, 4) == 34 && counted_asm == 1);
  EXPECT(unregister_ftrace_function(&ops) == -ENOENT && unregister_ftrace_direct(&ops, to, 0) == -ENOENT);
  EXPECT(unregister_ftrace_direct(&ops, (unsigned long)counts, 1) == 0);
  EXPECT(target(3, 4) == 34 && counted_asm == 1 && luge_sites_on() == 0);
  ftrace_free_filter(&second);
}

static long entries, exits;
static int enter(struct ftrace_graph_ent *e, struct fgraph_ops *g, struct ftrace_regs *r) {
  (void)e, (void)g, (void)r;
  return ++entries > 0;
}
static unsigned long result;
static void leave(struct ftrace_graph_ret *r, struct fgraph_ops *g, struct ftrace_regs *regs) {
  (void)g, (void)regs;
  exits++;
  result = r->retval;
}
static void hears(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  ++*(long *)op->private_data;
  (void)ip, (void)parent, (void)regs;
}
static void direct_with_others(void) {
  long heard = 0;
  struct ftrace_ops direct = {0}, ops = {.func = hears, .private_data = &heard};
  struct fgraph_ops graph = {.entryfunc = enter, .retfunc = leave};
  EXPECT(filter(&direct, "target") == 0 && filter(&ops, "target") == 0 && filter(&graph.ops, "target") == 0);
  EXPECT(register_ftrace_direct(&direct, (unsigned long)replaces) == 0);
  EXPECT(register_ftrace_function(&ops) == 0 && target(1, 1) == 1011 && heard == 1);
  EXPECT(register_ftrace_graph(&graph) == 0 && target(1, 2) == 1012 && heard == 2);
  EXPECT(entries == 1 && exits == 1 && result == 1012 && (flags_of(target) & FTRACE_REF_MAX) == 3);
  EXPECT(modify_ftrace_direct(&direct, (unsigned long)counts) == 0 && target(1, 3) == 13 && counted_asm == 2);
  EXPECT(entries == 2 && exits == 2 && result == 13);
  EXPECT(unregister_ftrace_direct(&direct, (unsigned long)counts, 1) == 0 && target(1, 4) == 14 && heard == 4);
  EXPECT(unregister_ftrace_graph(&graph) == 0 && unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
  ftrace_free_filter(&graph.ops);
}

static int what;
static void changes(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  if (what == 1)
    ftrace_regs_set_instruction_pointer(regs, (unsigned long)other);
  if (what == 2) {
    ftrace_regs_set_return_value(regs, 4711);
    ftrace_override_function_with_return(regs);
  }
  if (what == 3) {
    EXPECT(luge_regs_set_argument(regs, 1, 9) == 0 && luge_regs_set_argument(regs, 6, 9) == -EINVAL);
    EXPECT(luge_regs_get_register(regs, ftrace_regs_query_register_offset("rdi")) == ftrace_regs_get_argument(regs, 0));
  }
  EXPECT(ftrace_regs_get_return_address(regs) == parent);
  (void)ip, (void)op;
}
static void ip_changes(void) {
  struct ftrace_ops ops = {.func = changes, .flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY};
  struct ftrace_ops second = {.func = changes, .flags = FTRACE_OPS_FL_IPMODIFY}, direct = {0};
  struct fgraph_ops graph = {.entryfunc = enter, .retfunc = leave};
  EXPECT(filter(&ops, "target;nine") == 0 && filter(&second, "target") == 0 && filter(&direct, "nine") == 0);
  EXPECT(filter(&graph.ops, "target") == 0);
  EXPECT(register_ftrace_function(&ops) == 0 && register_ftrace_function(&second) == -EBUSY);
  EXPECT(register_ftrace_direct(&direct, (unsigned long)counts) == -EBUSY);
  EXPECT(flags_of(target) & FTRACE_FL_IPMODIFY && flags_of(target) & FTRACE_FL_REGS);
  for (int with_graph = 0; with_graph < 2; with_graph++) {
    what = 0;
    EXPECT(target(5, 3) == 53);
    what = 1;
    EXPECT(target(5, 3) == 2);
    what = 2;
    EXPECT(target(5, 3) == 4711);
    EXPECT(!with_graph || result == 4711);
    what = 3;
    EXPECT(target(5, 3) == 59);
    EXPECT(nine(1, 2, 3, 4, 5, 6, 7, 8, 9) == 25);
    EXPECT(with_graph || register_ftrace_graph(&graph) == 0);
  }
  EXPECT(unregister_ftrace_graph(&graph) == 0 && unregister_ftrace_function(&ops) == 0);
  EXPECT(register_ftrace_function(&second) == 0 && unregister_ftrace_function(&second) == 0);
  EXPECT(ftrace_regs_query_register_offset("no such") < 0 && ftrace_regs_query_register_offset("rflags") > 0);
  ftrace_free_filter(&ops);
  ftrace_free_filter(&second);
  ftrace_free_filter(&direct);
  ftrace_free_filter(&graph.ops);
}

// The target changes while threads go through it: each call goes to the one or the other.
static volatile int stop;
NOINLINE static void *calls(void *bad) {
  while (!stop) {
    long r = target(2, 1);
    *(long *)bad += r != 21 && r != 1021;
  }
  return NULL;
}
static void while_running(void) {
  pthread_t t[2];
  long bad[2] = {0};
  struct ftrace_ops direct = {0};
  EXPECT(filter(&direct, "target") == 0);
  for (int i = 0; i < 2; i++)
    pthread_create(&t[i], NULL, calls, &bad[i]);
  for (int i = 0; i < 2000; i++) {
    EXPECT(register_ftrace_direct(&direct, (unsigned long)replaces) == 0);
    EXPECT(modify_ftrace_direct(&direct, (unsigned long)counts) == 0);
    EXPECT(unregister_ftrace_direct(&direct, (unsigned long)counts, 0) == 0);
  }
  stop = 1;
  for (int i = 0; i < 2; i++)
    pthread_join(t[i], NULL);
  EXPECT(bad[0] == 0 && bad[1] == 0);
  ftrace_free_filter(&direct);
}

int main(void) {
  directs();
  direct_with_others();
  ip_changes();
  while_running();
  printf("%d failures\n", failures);
  return failures != 0;
}
