// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Filters of a million entries: addresses, exact names, and the two together. A lookup each: what is tried
// one by one would not end within the test's time.
// RUN: %luge_cc -O1 -I%source/runtime/include %s -o %t
// RUN: %t | %check
// ALL: 0 failures
#include <luge/ftrace.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "Inputs/check.h"

#define MILLION 1000000
#define FOUR(x) F(x##0) F(x##1) F(x##2) F(x##3)
#define SIXTEEN(x) FOUR(x##0) FOUR(x##1) FOUR(x##2) FOUR(x##3)
#define ALL_FUNCTIONS SIXTEEN(0) SIXTEEN(1) SIXTEEN(2) SIXTEEN(3)
#define F(x) __attribute__((noinline)) static int f##x(int a) { __asm__ volatile("" : "+r"(a)); return a + 1; }
ALL_FUNCTIONS
#undef F
#define F(x) f##x,
static int (*const functions[])(int) = {ALL_FUNCTIONS};
#undef F
#define F(x) "f" #x,
static const char *const names[] = {ALL_FUNCTIONS};
enum { COUNT = sizeof functions / sizeof *functions };

static long calls;
static void count(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
  calls++;
}

// Calls all, and expects that those of even number, or of odd number, or both, are heard of.
static void expect(int even, int odd) {
  calls = 0;
  for (int i = 0; i < COUNT; i++)
    EXPECT(functions[i](i) == i + 1);
  EXPECT(calls == (even + odd) * COUNT / 2);
  EXPECT(luge_sites_on() == (size_t)((even + odd) * COUNT / 2));
}

// Every address must be a function's: each comes many times.
static void addresses(struct ftrace_ops *ops) {
  unsigned long *ips = malloc(MILLION * sizeof *ips);
  for (int i = 0; i < MILLION; i++)
    ips[i] = (unsigned long)functions[2 * i % COUNT];
  EXPECT(ftrace_set_filter_ips(ops, ips, MILLION, 0, 1) == 0);
  EXPECT(register_ftrace_function(ops) == 0);
  expect(1, 0);
  for (int i = 0; i < MILLION; i++)
    ips[i] = (unsigned long)functions[(2 * i + 1) % COUNT];
  EXPECT(ftrace_set_filter_ips(ops, ips, MILLION, 0, 0) == 0);
  expect(1, 1);
  EXPECT(ftrace_set_filter_ips(ops, ips, MILLION, 1, 0) == 0);
  expect(1, 0);
  ips[MILLION - 1] = 1; // nothing is changed
  EXPECT(ftrace_set_filter_ips(ops, ips, MILLION, 0, 0) != 0);
  expect(1, 0);
  EXPECT(unregister_ftrace_function(ops) == 0);
  free(ips);
}

// Exact names, nearly all of functions that there are not; those that there are stand among them.
static void exact_names(struct ftrace_ops *ops) {
  char *text = malloc(MILLION * 32ul), *end = text;
  for (int i = 0; i < MILLION; i++) {
    int k = i / 1000;
    if (i % 1000 == 0 && 2 * k < COUNT)
      end += sprintf(end, "%s;", names[2 * k]);
    else
      end += sprintf(end, "no_such_function_%d;", i);
  }
  EXPECT(ftrace_set_filter(ops, text, (int)(end - text), 1) == 0);
  EXPECT(register_ftrace_function(ops) == 0);
  expect(1, 0);
  unsigned long odd = (unsigned long)functions[1];
  EXPECT(ftrace_set_filter_ip(ops, odd, 0, 0) == 0);
  EXPECT(luge_sites_on() == COUNT / 2 + 1);
  EXPECT(ftrace_set_filter_ip(ops, odd, 1, 0) == 0);
  expect(1, 0);
  EXPECT(ftrace_set_notrace(ops, text, (int)(end - text), 1) == 0);
  expect(0, 0);
  EXPECT(unregister_ftrace_function(ops) == 0);
  free(text);
}

int main(void) {
  struct ftrace_ops a = {.func = count}, n = {.func = count};
  addresses(&a);
  exact_names(&n);
  ftrace_free_filter(&a);
  ftrace_free_filter(&n);
  printf("%d failures\n", failures);
  return failures != 0;
}
