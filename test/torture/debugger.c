// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gdb sets breakpoints on the very bytes of sleds, and steps, while users come and go: the runtime leaves such a
// sled alone for as long as it stands there, and says so; the program's results are right, and gdb unwinds from a
// traced function to main.
// REQUIRES: gdb
// RUN: %luge_cc -O1 -g -I%source/runtime/include %s -o %t
// RUN: gdb -batch -nx -x %S/Inputs/debugger.gdb %t 2>&1 | %check
// ALL:      at leaf, off
// ALL-NEXT: #0 {{.*}}leaf (x={{.*}}1)
// ALL-NEXT: #1 {{.*}}middle
// ALL-NEXT: #2 {{.*}}main
// ALL:      holds 0xcc
// ALL:      at leaf, registered
// ALL:      at middle's body
// ALL-NEXT: #0 {{.*}}middle
// ALL:      main
// ALL:      stepped
// ALL:      middle called back 2 times, leaf 1 times, results 4 4 4 4, sites on 0
// ALL:      exited normally
#include <luge/ftrace.h>
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
static volatile long sink;
NOINLINE long leaf(long x) {
  sink = x;
  return x + 1;
}
NOINLINE long middle(long x) {
  long y = leaf(x);
  sink = y;
  return y + 2;
}
NOINLINE void registered(void) { sink = 1; }
NOINLINE void unregistered(void) { sink = 2; }

static long of_middle, of_leaf;
static void count(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  of_middle += ip == (unsigned long)middle;
  of_leaf += ip == (unsigned long)leaf;
  (void)parent, (void)op, (void)regs;
}

int main(void) {
  struct ftrace_ops ops = {.func = count};
  long results[4];
  results[0] = middle(1); // gdb stops at leaf's sled
  ftrace_set_filter(&ops, "leaf;middle", 11, 1);
  int e = register_ftrace_function(&ops); // a breakpoint stands on leaf's sled: left alone
  registered();                           // gdb takes that one away, and sets one in middle's body
  results[1] = middle(1);
  e |= unregister_ftrace_function(&ops);
  unregistered(); // all breakpoints are gone
  results[2] = middle(1);
  ftrace_free_filter(&ops);
  ftrace_set_filter(&ops, "leaf;middle", 11, 1);
  e |= register_ftrace_function(&ops);
  results[3] = middle(1);
  e |= unregister_ftrace_function(&ops);
  printf("middle called back %ld times, leaf %ld times, results %ld %ld %ld %ld, sites on %zu\n", of_middle, of_leaf,
         results[0], results[1], results[2], results[3], luge_sites_on());
  return e != 0;
}
