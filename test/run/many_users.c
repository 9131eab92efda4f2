// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two hundred ops at once on one function: all are called, each exactly once a call, also those beyond the
// ones that have a bit of their own in a site; they come and go in any order.
// RUN: %luge_cc -O1 -I%source/runtime/include %s -o %t
// RUN: %t | %check
// ALL: 0 failures
#include <luge/ftrace.h>

#include "Inputs/check.h"

#define USERS 200

__attribute__((noinline)) static int everyone(int a) { __asm__ volatile("" : "+r"(a)); return a + 1; }
__attribute__((noinline)) static int others(int a) { __asm__ volatile("" : "+r"(a)); return a + 2; }

static struct ftrace_ops ops[USERS];
static int calls[USERS], registered[USERS];

static void called(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  EXPECT(ip == (unsigned long)everyone);
  EXPECT(ftrace_regs_get_argument(regs, 0) == 5);
  (void)parent;
  calls[op - ops]++;
}

static void once(void) {
  for (int i = 0; i < USERS; i++)
    calls[i] = 0;
  EXPECT(everyone(5) == 6);
  EXPECT(others(5) == 7);
  for (int i = 0; i < USERS; i++)
    EXPECT(calls[i] == registered[i]);
}

static void change(int i, int on) {
  EXPECT((on ? register_ftrace_function(&ops[i]) : unregister_ftrace_function(&ops[i])) == 0);
  registered[i] = on;
}

int main(void) {
  for (int i = 0; i < USERS; i++) {
    ops[i].func = called;
    EXPECT(ftrace_set_filter_ip(&ops[i], (unsigned long)everyone, 0, 1) == 0);
    change(i, 1);
    EXPECT(luge_sites_on() == 1);
  }
  once();
  for (int i = 0; i < USERS; i += 2) // of both kinds
    change(i, 0);
  once();
  for (int i = USERS - 2; i >= 0; i -= 2)
    change(i, 1);
  once();
  for (int i = 0; i < 100; i++) // now only such that had no bit
    change(i, 0);
  once();
  for (int i = 199; i >= 100; i--)
    change(i, 0);
  once();
  EXPECT(luge_sites_on() == 0);
  for (int i = 0; i < USERS; i++)
    ftrace_free_filter(&ops[i]);
  printf("%d failures\n", failures);
  return failures != 0;
}
