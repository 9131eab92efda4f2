// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where text cannot be made writable and executable (PR_SET_MDWE) sites are switched through
// /proc/self/mem; a breakpoint or a foreign patch on a sled is reported and survives.
// RUN: %luge_cc -O2 -I%source/runtime/include %s -o %t
// RUN: %t mdwe 2>&1 | %check(MDWE)
// RUN: %t foreign 2>&1 | %check(FOREIGN)
// MDWE: 0 failures
// FOREIGN: luge: site of the function at {{0x[0-9a-f]+}} in {{.*}}: holds 0xcc, not a sled state (a debugger?): left alone
// FOREIGN: luge: site of the function at {{0x[0-9a-f]+}} in {{.*}}: its bytes are not a sled's
// FOREIGN: 0 failures
#include <luge/ftrace.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline))
static volatile long sink;
NOINLINE long one(long x) { sink = x; return x + 1; }
NOINLINE long two(long x) { sink = x; return x + 2; }
NOINLINE long three(long x) { sink = x; return x + 3; }

static long calls;
static void count(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  calls++;
  (void)ip, (void)parent, (void)op, (void)regs;
}

// The sled's first byte: behind ENDBR64 where there is one.
static unsigned char *sled(void *function) {
  unsigned char *p = function;
  return p[0] == 0xf3 ? p + 4 : p;
}
static void write_text(unsigned char *at, unsigned char byte) {
  void *page = (void *)((unsigned long)at & ~4095ul);
  mprotect(page, 8192, PROT_READ | PROT_WRITE | PROT_EXEC);
  *at = byte;
  mprotect(page, 8192, PROT_READ | PROT_EXEC);
}

int main(int argc, char **argv) {
  struct ftrace_ops ops = {.func = count};
  ftrace_set_filter(&ops, "one;two;three", 13, 1);
  if (argc > 1 && !strcmp(argv[1], "mdwe")) {
    if (prctl(65 /* PR_SET_MDWE */, 1 /* PR_MDWE_REFUSE_EXEC_GAIN */, 0, 0, 0) != 0)
      return puts("0 failures (no PR_SET_MDWE in this kernel)"), 0;
    EXPECT(register_ftrace_function(&ops) == 0);
    EXPECT(one(1) == 2 && two(1) == 3 && three(1) == 4 && calls == 3);
    EXPECT(unregister_ftrace_function(&ops) == 0);
    EXPECT(one(1) == 2 && calls == 3);
  } else {
    unsigned char *a = sled((void *)one), *b = sled((void *)two), off = *a, displacement = b[1];
    write_text(a, 0xcc);
    write_text(b + 1, displacement ^ 0x40); // still a compare: harmless when it runs
    EXPECT(register_ftrace_function(&ops) == 0);
    EXPECT(*a == 0xcc && b[1] == (displacement ^ 0x40) && luge_sites_on() == 1);
    EXPECT(two(1) == 3 && three(1) == 4 && calls == 1);
    EXPECT(unregister_ftrace_function(&ops) == 0);
    EXPECT(*a == 0xcc);
    write_text(a, off);
    EXPECT(one(1) == 2 && calls == 1);
  }
  printf("%d failures\n", failures);
  return failures != 0;
}
