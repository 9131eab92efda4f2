// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Unwinding from a traced leaf finds every caller in order: backtrace(), _Unwind_Backtrace of libgcc and of LLVM's
// libunwind, and a walk along the frame pointers. Frames of trampolines may lie between, nothing may be missing.
// RUN: %compile_c -fno-omit-frame-pointer -rdynamic && %users
// RUN: %if llvm-libunwind %{ env LD_PRELOAD=%libunwind %users %}
// RUN: env LUGE_RUNTIME=static %compile_c -fno-omit-frame-pointer -static && %users
#include <execinfo.h>
#include <stdio.h>
#include <unwind.h>

#include "torture.h"

enum { MOST = 200 };
static void *found[MOST];
static int count;
static void (*how)(void);

NOINLINE static long outer(long a, long b, long c, long d, long e, long f, long g, long h);
NOINLINE static long middle(long n);
NOINLINE static long leaf(long n);

NOINLINE static _Unwind_Reason_Code note(struct _Unwind_Context *context, void *unused) {
  (void)unused;
  if (count < MOST)
    found[count++] = (void *)_Unwind_GetIP(context);
  return _URC_NO_REASON;
}
NOINLINE static void by_unwinder(void) { _Unwind_Backtrace(note, NULL); OPAQUE(); }
NOINLINE static void by_backtrace(void) { count = backtrace(found, MOST); OPAQUE(); }
UNTRACED NOINLINE static void by_frame_pointer(void) {
  void **frame = __builtin_frame_address(0);
  for (int done = 0; !done && count < 40; frame = *frame) { // torture_body's caller keeps something else in rbp
    found[count++] = frame[1];
    done = (char *)frame[1] > (char *)torture_body && (char *)frame[1] < (char *)torture_body + 256;
  }
}

// The functions that the return addresses lie in, in this order, others between them allowed.
UNTRACED static int in_order(char *const *functions, int n) {
  int have = 0;
  for (int i = 0; i < count && have < n; i++)
    if ((char *)found[i] > functions[have] && (char *)found[i] < functions[have] + 256)
      have++;
  return have == n;
}

NOINLINE static long leaf(long n) {
  count = 0;
  how();
  char *const functions[] = {(char *)leaf, (char *)middle, (char *)middle, (char *)outer, (char *)torture_body};
  EXPECT(in_order(functions, 5));
  return n + 1;
}
NOINLINE static long middle(long n) {
  long below = n ? middle(n - 1) : leaf(n);
  OPAQUE();
  return below + 1;
}
NOINLINE static long outer(long a, long b, long c, long d, long e, long f, long g, long h) {
  long below = middle(1);
  OPAQUE();
  return a + b + c + d + e + f + g + h + below;
}

TORTURE(60, 0) {
  static void (*const ways[])(void) = {by_unwinder, by_backtrace, by_frame_pointer};
  for (int i = 0; i < 3; i++) {
    how = ways[i];
    EXPECT(outer(1, 2, 3, 4, 5, 6, 7, 8) == 39);
    OPAQUE();
  }
}
