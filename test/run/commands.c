// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Function commands: traceon, traceoff, snapshot, dump, cpudump, stacktrace, with counts; their end; errors.
// RUN: %luge_cc -O2 -I%source/runtime/include %s -o %t -pthread
// RUN: rm -f %t.luge*
// RUN: env LUGE_FILE=%t.luge LUGE_TRACER=function_graph LUGE_FILTER='work;inner;stop;go;one;two;three' %t | %check
// ALL: 0 failures
// RUN: %luge replay --stable %t.luge.snapshot | %check(SNAPSHOT)
// What was before the snapshot, and nothing after it.
// SNAPSHOT:     work() {
// SNAPSHOT-NEXT:  inner();
// SNAPSHOT-NEXT: } /* work */
// SNAPSHOT-NOT: three
// RUN: %luge replay --stable %t.luge | %check(TRACE)
// Off between stop and go: stop has been entered (its command runs first), work and inner have not.
// TRACE:      work() {
// TRACE-NEXT:   inner();
// TRACE-NEXT: } /* work */
// TRACE-NEXT: go();
// TRACE-NEXT: stop();
// TRACE-NEXT: work() {
// TRACE-NEXT:   inner();
// TRACE-NEXT: } /* work */
// The stack at `one`, twice and no more.
// TRACE:      three() {
// TRACE-NEXT:   two() {
// TRACE-NEXT:     /* => one */
// TRACE-NEXT:     /* => two */
// TRACE-NEXT:     /* => three */
// TRACE:          one();
// TRACE:          /* => one */
// TRACE-NOT:      /* => one */
// RUN: %luge info %t.luge.1.dump
// RUN: %luge info %t.luge.2.dump
// RUN: not ls %t.luge.3.dump
// The second is this thread's alone.
// RUN: %luge replay --stable %t.luge.1.dump | %check(BOTH)
// RUN: %luge replay --stable %t.luge.2.dump | %check(OWN)
// BOTH: {{^}} 2 |
// OWN-NOT: {{^}} 2 |
// RUN: env LUGE_FILE=%t.env LUGE_TRACER=function LUGE_FILTER='work;inner' LUGE_COMMANDS='inner:traceoff:1;inner:nonsense' %t env 2>&1 | %check(ENV)
// ENV: luge: LUGE_COMMANDS: inner:nonsense: want PATTERN:COMMAND[:COUNT]
// ENV: off
#include <errno.h>
#include <luge/ftrace.h>
#include <pthread.h>
#include <string.h>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline, noclone))
#ifdef __clang__
#undef NOINLINE
#define NOINLINE __attribute__((noinline))
#endif
static volatile long sink;
NOINLINE static void inner(void) { sink += 2; }
NOINLINE static void work(void) { inner(); sink++; }
NOINLINE static void stop(void) { sink += 3; }
NOINLINE static void go(void) { sink += 4; }
NOINLINE static void one(void) { sink += 5; }
NOINLINE static void two(void) { one(); sink++; }
NOINLINE static void three(void) { two(); sink++; }
NOINLINE static void *other(void *p) {
  work();
  return p;
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) {
    work();
    puts(tracing_is_on() ? "on" : "off");
    return 0;
  }
  EXPECT(luge_function_command("work:nonsense") == -EINVAL && luge_function_command("work") == -EINVAL);
  EXPECT(luge_function_command("work:traceon:0") == -EINVAL && luge_function_command(":traceon") == -EINVAL);
  EXPECT(luge_function_command("!work:traceon") == -ENOENT && luge_function_command("nothing:traceon") == -ENOENT);
  EXPECT(luge_function_command("stop:traceoff") == 0 && luge_function_command("go:traceon") == 0);
  work();
  EXPECT(tracing_is_on());
  stop();
  EXPECT(!tracing_is_on());
  work();
  go();
  EXPECT(tracing_is_on());
  EXPECT(luge_function_command("!stop:traceoff") == 0 && luge_function_command("!stop:traceoff") == -ENOENT);
  stop();
  EXPECT(tracing_is_on());
  EXPECT(luge_function_command("inner:snapshot:1") == 0);
  work();
  EXPECT(luge_function_command("one:stacktrace:2") == 0);
  three();
  three();
  three();
  pthread_t t;
  pthread_create(&t, NULL, other, NULL);
  pthread_join(t, NULL);
  EXPECT(luge_dump(0) == 0 && luge_dump(1) == 0);
  printf("%d failures\n", failures);
  return failures != 0;
}
