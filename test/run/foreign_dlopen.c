// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Foreign sleds in objects that come by dlopen and go by dlclose without anybody's saying so: seen at the next call of
// the API, forgotten when they are gone, found anew where they come back; also while one is switched on.
// RUN: %bare_cc -O2 -DLIBRARY -shared -fPIC -fpatchable-function-entry=5 %s -o %t.so
// RUN: %bare_cc -O2 -DLIBRARY -DOTHER -shared -fPIC -fpatchable-function-entry=9,4 %s -o %t.other.so
// RUN: %bare_cc -O2 -I%source/runtime/include -L%luge_lib -Wl,-rpath,%luge_lib %s -o %t -lluge -ldl
// RUN: %bare_cc -O2 -DLIBRARY -shared -fPIC %s -o %t.plain.so
// RUN: %t %t.so %t.other.so %t.plain.so | %check
// ALL: 0 failures
#ifdef LIBRARY
#ifdef OTHER
__attribute__((noinline)) long first(long a) { return a * 5; }
#endif
__attribute__((noinline)) long in_library(long a) { return a * 7; }
long enter(long a) {
  long (*volatile f)(long) = in_library;
  return f(a);
}
#else
#include <dlfcn.h>
#include <luge/ftrace.h>
#include <string.h>

#include "Inputs/check.h"

static volatile long calls;
static unsigned long last_ip;
static void note(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)parent, (void)op, (void)regs;
  calls++;
  last_ip = ip;
}

static long through(void *library) {
  long (*enter)(long) = (long (*)(long))dlsym(library, "enter");
  return enter(6);
}

int main(int argc, char **argv) {
  struct ftrace_ops ops = {.func = note};
  EXPECT(argc == 4);
  EXPECT(luge_site_count() == 0);
  EXPECT(ftrace_set_filter(&ops, "in_library", 10, 1) == -2 /* ENOENT: not yet */);
  EXPECT(register_ftrace_function(&ops) == 0);
  for (int round = 0; round < 6; round++) {
    void *plain = dlopen(argv[3], RTLD_NOW); // seen, and then its place is another's
    EXPECT(plain != NULL);
    if (round)
      luge_site_count();
    dlclose(plain);
    void *library = dlopen(argv[1 + round % 2], RTLD_NOW);
    EXPECT(library != NULL);
    calls = 0;
    EXPECT(through(library) == 42 && calls == 0);
    EXPECT(luge_site_count() == 2u + (unsigned)round % 2); // looks
    EXPECT(luge_sites_on() == 1);
    EXPECT(through(library) == 42 && calls == 1 && last_ip == (unsigned long)dlsym(library, "in_library"));
    if (round > 3) { // switched off before it goes
      EXPECT(unregister_ftrace_function(&ops) == 0);
      EXPECT(through(library) == 42 && calls == 1);
    }
    dlclose(library);
    if (round > 3)
      EXPECT(register_ftrace_function(&ops) == 0);
    if (round != 1) { // once unnoticed
      EXPECT(luge_site_count() == 0);
      EXPECT(luge_sites_on() == 0);
    }
  }
  EXPECT(unregister_ftrace_function(&ops) == 0);
  printf("%d failures\n", failures);
  return failures != 0;
}
#endif
