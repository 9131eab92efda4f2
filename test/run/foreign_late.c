// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// When foreign sleds are prepared and which are refused, with the reason: with threads running already, before main,
// with too few NOPs, under a breakpoint, with nothing that says where functions begin.
// RUN: %bare_cc -O2 -I%source/runtime/include -pthread -L%luge_lib -Wl,-rpath,%luge_lib -fpatchable-function-entry=5 %s -o %t -lluge
// RUN: %t 2>&1 | %check(ALONE)
// ALONE: sites: some, calls: 1
// RUN: %t mdwe 2>&1 | %check(ALONE)
// RUN: %t thread 2>&1 | %check(LATE)
// LATE-GCC: luge: {{.*}} functions with NOPs cannot be traced: {{[0-9]+}}: threads are running; LUGE_FOREIGN=1 prepares such sleds before main
// LATE-GCC-NEXT: sites: none, calls: 0
// LATE-LLVM: sites: some, calls: 1{{$}}
// RUN: env LUGE_FOREIGN=1 %t thread 2>&1 | %check(EARLY)
// EARLY-NOT: luge:
// EARLY: sites: some, calls: 1{{$}}
// RUN: env LUGE_FOREIGN=0 %t 2>&1 | %check(NEVER)
// NEVER-NOT: luge:
// NEVER: sites: none, calls: 0
// RUN: %t breakpoint 2>&1 | %check(BREAKPOINT)
// BREAKPOINT: luge: {{.*}}: 1 of {{[0-9]+}} functions with NOPs cannot be traced: 1: a breakpoint stands there
// BREAKPOINT-NEXT: sites: some, calls: 0

// Landing pads make gcc's and clang's unaligned.
// RUN: %bare_cc -O2 -I%source/runtime/include -pthread -L%luge_lib -Wl,-rpath,%luge_lib -fpatchable-function-entry=5 -fcf-protection %s -o %t -lluge
// RUN: %t thread 2>&1 | %check(UNALIGNED)
// UNALIGNED: luge: {{.*}}: threads are running;
// UNALIGNED-NEXT: sites: none, calls: 0
// RUN: %t breakpoint 2>&1 | %check(BREAKPOINT)

// Stripped: the unwind table still says where functions begin. Without either nothing does.
// RUN: %bare_cc -O2 -s -I%source/runtime/include -pthread -L%luge_lib -Wl,-rpath,%luge_lib -fpatchable-function-entry=7,2 %s -o %t -lluge
// RUN: %t 2>&1 | %check(STRIPPED)
// STRIPPED-NOT: luge:
// STRIPPED: sites: some
// RUN: %bare_cc -O2 -s -I%source/runtime/include -pthread -L%luge_lib -Wl,-rpath,%luge_lib -fpatchable-function-entry=7,2 -fno-asynchronous-unwind-tables %s -o %t -lluge
// RUN: %t 2>&1 | %check(BARE)
// BARE: luge: {{.*}}: no symbol and no unwind table says where the function begins
// BARE-NEXT: sites: none

// RUN: %bare_cc -O2 -I%source/runtime/include -pthread -L%luge_lib -Wl,-rpath,%luge_lib -fpatchable-function-entry=4 %s -o %t -lluge
// RUN: env LUGE_FOREIGN=list %t 2>&1 | %check(FEW)
// FEW: luge: {{.*}}: [[ALL:[0-9]+]] of [[ALL]] functions with NOPs cannot be traced: [[ALL]]: fewer than five bytes of NOPs at the entry
// FEW: luge: {{.*}}: not traced: 0x{{[0-9a-f]+}}: fewer than five bytes of NOPs at the entry
// FEW: sites: none, calls: 0
#include <luge/ftrace.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

static volatile long sink;
static volatile long calls;
__attribute__((noinline, aligned(16))) void alpha(void) { sink = 1; }
__attribute__((noinline, aligned(16))) long beta(long a) { return sink = a * 2; }
static void note(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)parent, (void)op, (void)regs;
  calls += ip == (unsigned long)alpha;
}
static void write_code(unsigned char *at, unsigned char byte) {
  void *page = (void *)((unsigned long)at & -4096ul);
  mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
  *at = byte;
  mprotect(page, 4096, PROT_READ | PROT_EXEC);
}
static void *runs(void *wrong) { // what is being prepared
  for (long i = 0;; i++)
    if (beta(i) != i * 2)
      *(volatile long *)wrong = 1;
  return NULL;
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  static volatile long wrong;
  pthread_t thread;
  if (!strcmp(how, "mdwe"))
    prctl(65 /* PR_SET_MDWE */, 1 /* PR_MDWE_REFUSE_EXEC_GAIN */, 0, 0, 0);
  if (!strcmp(how, "thread"))
    pthread_create(&thread, NULL, runs, (void *)&wrong);
  unsigned char *entry = (unsigned char *)alpha;
  entry += entry[0] == 0xf3 ? 4 : 0; // behind the landing pad
  unsigned char before = *entry;
  if (!strcmp(how, "breakpoint"))
    write_code(entry, 0xcc);
  struct ftrace_ops ops = {.func = note};
  register_ftrace_function(&ops);
  if (*entry == 0xcc)
    write_code(entry, before);
  calls = 0;
  alpha();
  long seen = calls;
  for (int i = 0; i < 50; i++) {
    unregister_ftrace_function(&ops);
    register_ftrace_function(&ops);
  }
  printf("sites: %s, calls: %ld%s\n", luge_site_count() ? "some" : "none", seen, wrong ? ", wrong" : "");
  return 0;
}
