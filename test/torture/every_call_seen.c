// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Users of each kind that stay are told of every call, once, while others come to the same function and go.
// RUN: %compile_c && %users
// RUN: %if gcc-12 %{ %compile_c -fsanitize=thread && %t %}
// RUN: %if clang-22 %{ %compile_c -fsanitize=thread && %t %}
#include <pthread.h>

#include "torture.h"

// A thousand more functions: switching takes its time.
#define F1(n) long f##n(void) { OPAQUE(); return 0x##n; }
#define F4(n) F1(n##0) F1(n##1) F1(n##2) F1(n##3)
#define F16(n) F4(n##0) F4(n##1) F4(n##2) F4(n##3)
#define F64(n) F16(n##0) F16(n##1) F16(n##2) F16(n##3)
#define F256(n) F64(n##0) F64(n##1) F64(n##2) F64(n##3)
F256(0) F256(1) F256(2) F256(3)

enum { THREADS = 6, CALLS = 1000 };
static long plain_calls, register_calls, entries, exits;
#define COUNT(n) __atomic_fetch_add(&(n), 1, __ATOMIC_RELAXED)

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static void *calls(void *arg) {
  for (long i = 0; i < CALLS; i++)
    EXPECT(leaf(i) == i + 1);
  return arg;
}
NOINLINE static void call_in_threads(void) {
  pthread_t t[THREADS];
  for (int i = 0; i < THREADS; i++)
    pthread_create(&t[i], NULL, calls, NULL);
  for (int i = 0; i < THREADS; i++)
    pthread_join(t[i], NULL);
}

UNTRACED static void plain(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  COUNT(plain_calls);
  (void)ip, (void)parent, (void)op, (void)regs;
}
UNTRACED static void registers(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  COUNT(register_calls);
  EXPECT(ftrace_regs_query_register_offset("r12") >= 0);
  (void)ip, (void)parent, (void)op, (void)regs;
}
UNTRACED static int enters(struct ftrace_graph_ent *e, struct fgraph_ops *g, struct ftrace_regs *regs) {
  COUNT(entries);
  return (void)e, (void)g, (void)regs, 1;
}
UNTRACED static void leaves(struct ftrace_graph_ret *r, struct fgraph_ops *g, struct ftrace_regs *regs) {
  COUNT(exits);
  (void)r, (void)g, (void)regs;
}

TORTURE(20, OWN_USERS) {
  static struct ftrace_ops plain_ops = {.func = plain}, regs_ops = {.func = registers, .flags = FTRACE_OPS_FL_SAVE_REGS};
  static struct ftrace_ops hits_ops = {.flags = LUGE_OPS_FL_COUNT};
  static struct fgraph_ops graph_ops = {.entryfunc = enters, .retfunc = leaves};
  struct ftrace_ops *const all[] = {&plain_ops, &regs_ops, &hits_ops, &graph_ops.ops};
  long *const seen[] = {&plain_calls, &register_calls, NULL, &exits};
  for (int kind = 0; kind < 4; kind++) { // each alone, so that it is the established one
    unsigned long ip = (unsigned long)leaf;
    EXPECT(ftrace_set_filter_ip(all[kind], ip, 0, 1) == 0);
    EXPECT((kind == 3 ? register_ftrace_graph(&graph_ops) : register_ftrace_function(all[kind])) == 0);
    plain_calls = register_calls = entries = exits = 0;
    luge_clear_hits();
    call_in_threads();
    EXPECT((kind == 2 ? (long)luge_hits(ip) : *seen[kind]) == THREADS * CALLS);
    EXPECT(kind < 3 || entries == exits);
    EXPECT((kind == 3 ? unregister_ftrace_graph(&graph_ops) : unregister_ftrace_function(all[kind])) == 0);
    ftrace_free_filter(all[kind]);
  }
}
