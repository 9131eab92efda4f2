/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* One user of Luge's hooks whose callback does nothing: what the dispatch alone costs. */
#include <luge/ftrace.h>
#include <stdio.h>
#include <stdlib.h>

static void nothing(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
                    struct ftrace_regs *fregs) {
  (void)ip, (void)parent_ip, (void)op, (void)fregs;
}

static struct ftrace_ops ops = {.func = nothing};

void bench_on(void) {
  int e = register_ftrace_function(&ops);
  if (e) {
    fprintf(stderr, "register_ftrace_function: %d\n", e);
    exit(1);
  }
}
void bench_off(void) { unregister_ftrace_function(&ops); }
double bench_sites(void) { return (double)luge_sites_on(); }
void bench_start(void) {
  if (getenv("BENCH_OPS"))
    bench_on();
}
