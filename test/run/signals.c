// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signal handlers, traced, interrupt traced code 20,000 times a second: on the same stack, on an
// alternate stack, and leaving by siglongjmp. No event and no result is lost.
// RUN: %luge_cc -O2 %s -o %t -pthread
// RUN: env LUGE_FILE=%t.luge LUGE_BUFFER=268435456 LUGE_TRACER=function_graph %t | %check
// RUN: %luge report --stable %t.luge -s calls | %check(REPORT)
// RUN: env LUGE_FILE=%t.luge LUGE_BUFFER=1048576 LUGE_TRACER=function %t | %check
// ALL: 0 wrong, handlers ran
// REPORT: {{^.* }}3,000,000 {{.*}}leaf
// REPORT: {{^.* }}1,000,000 {{.*}}middle
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#define NOINLINE __attribute__((noinline))
static volatile long sink, handled;
static sigjmp_buf back;
static volatile int jump;
NOINLINE static long leaf(long x) { sink = x; return x + 1; }
NOINLINE static long middle(long x) { return leaf(x) + leaf(x + 1) + leaf(x + 2); }
NOINLINE static void in_handler(void) { handled++; }
NOINLINE static void handler(int signal) {
  in_handler();
  if (signal == SIGPROF && jump)
    siglongjmp(back, 1);
}

static void timer(int which, int microseconds) {
  struct itimerval t = {{0, microseconds}, {0, microseconds}};
  setitimer(which, &t, NULL);
}

int main(void) {
  stack_t alternate = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
  sigaltstack(&alternate, NULL);
  struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &a, NULL);
  a.sa_flags |= SA_ONSTACK;
  sigaction(SIGVTALRM, &a, NULL);
  a.sa_flags = SA_NODEFER;
  sigaction(SIGPROF, &a, NULL);
  timer(ITIMER_REAL, 50);
  timer(ITIMER_VIRTUAL, 70);
  long wrong = 0;
  for (long i = 0; i < 1000000; i++)
    wrong += middle(i) != 3 * i + 6;
  timer(ITIMER_REAL, 0);
  volatile long jumped = 0;
  jump = 1;
  timer(ITIMER_PROF, 4000);
  while (jumped < 20) {
    if (sigsetjmp(back, 1))
      ++jumped;
    else
      for (;;)
        sink++;
  }
  jump = 0;
  timer(ITIMER_PROF, 0);
  printf("%ld wrong, handlers %s\n", wrong, handled > 100 && jumped == 20 ? "ran" : "did not run");
  return wrong != 0;
}
