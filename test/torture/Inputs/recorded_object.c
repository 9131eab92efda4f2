/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What recorded.cpp loads and unloads. */
static volatile int sink;
__attribute__((noinline)) static int step(void (*f)(void), int n) {
  sink = n;
  f();
  return 1;
}
int object_calls(void (*f)(void), int n) {
  int done = 0;
  for (int i = 0; i < n; i++)
    done += step(f, i);
  return done;
}
