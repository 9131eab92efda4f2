// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One program of both kinds: functions of the plugin and foreign ones that tail-call each other, with stack
// arguments, while both are traced with exits, callbacks and the built-in tracer; and a library of the plugin's that
// brings a foreign one with it by dlopen.
// RUN: %luge_cc -O2 -DNATIVE -c %s -o %t.native.o
// RUN: %bare_cc -O2 -fpatchable-function-entry=7,2 -I%source/runtime/include -c %s -o %t.foreign.o
// RUN: %bare_cc -O2 -shared -fPIC -DBROUGHT -fpatchable-function-entry=5 %s -o %t.brought.so
// RUN: %luge_cc -O2 -shared -fPIC -DBRINGS %s %t.brought.so -o %t.brings.so
// RUN: %bare_cc %t.native.o %t.foreign.o -o %t -L%luge_lib -Wl,-rpath,%luge_lib -lluge -ldl
// RUN: rm -f %t.ring && env LUGE_FILE=%t.ring %t %t.brings.so 2>&1 | %check
// ALL: 0 failures
// RUN: %luge report %t.ring 2>&1 | %check(REPORT)
// REPORT-DAG: native()
// REPORT-DAG: foreign()
// REPORT-DAG: last()
#define EIGHT(a, b) a, b, 3, 4, 5, 6, 7, 8
typedef long eight(long, long, long, long, long, long, long, long);
eight native, foreign, last;
long brought(long), brings(long);
#define DEFINE(name) long name(long a, long b, long c, long d, long e, long x, long y, long z)

#if defined NATIVE
DEFINE(native) { return foreign(b, a, c, d, e, x, z, y); }
DEFINE(last) { return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * x + 1000000 * y + 10000000 * z; }
#elif defined BROUGHT
long brought(long a) { return a + 1; }
#elif defined BRINGS
long brings(long a) { return brought(a) * 2; }
#else
#include <dlfcn.h>
#include <luge/ftrace.h>

#include "Inputs/check.h"

DEFINE(foreign) { return a > 5 ? native(a - 2, b, c, d, e, x, y, z) : last(a, b, c, d, e, x, y, z); }

#define UNTRACED __attribute__((patchable_function_entry(0, 0)))
static volatile long calls, exits;
UNTRACED static void note(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
  calls++;
}
UNTRACED static void left(struct ftrace_graph_ret *ret, struct fgraph_ops *g, struct ftrace_regs *regs) {
  (void)ret, (void)g, (void)regs;
  exits++;
}
UNTRACED __attribute__((noinline)) static long all(void) {
  long sum = 0;
  for (long i = 0; i < 20; i++)
    sum = sum * 3 + native(EIGHT(i, 2));
  return sum;
}

int main(int argc, char **argv) {
  EXPECT(argc == 2);
  long expected = all();
  struct fgraph_ops graph = {.retfunc = left};
  struct ftrace_ops ops = {.func = note};
  EXPECT(register_ftrace_function(&ops) == 0);
  EXPECT(all() == expected);
  long entries = calls;
  EXPECT(entries >= 60);
  EXPECT(register_ftrace_graph(&graph) == 0);
  EXPECT(all() == expected && calls == 2 * entries);
  EXPECT(exits >= 40 && exits < entries); // native and last; foreign has none
  EXPECT(luge_set_tracer("function_graph", "", "") == 0);
  EXPECT(all() == expected && calls == 3 * entries);
  EXPECT(luge_set_tracer("nop", "", "") == 0);
  EXPECT(unregister_ftrace_graph(&graph) == 0);
  long before = calls;
  void *library = dlopen(argv[1], RTLD_NOW);
  EXPECT(library != NULL);
  long (*enter)(long) = (long (*)(long))dlsym(library, "brings");
  EXPECT(enter(20) == 42 && calls == before + 2); // brings, and brought without being asked for
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(all() == expected && calls == before + 2);
  printf("%d failures\n", failures);
  return failures != 0;
}
#endif
