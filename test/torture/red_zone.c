// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A traced leaf keeps locals in the 128 bytes below its stack pointer, and so does the function that a signal
// handler, traced itself, interrupts: neither loses them.
// RUN: %compile_c && %users
#include <signal.h>
#include <sys/time.h>

#include "torture.h"

static volatile sig_atomic_t handled;

// Fills the red zone, waits, and adds it up again; calls nothing. n is the first of 16 numbers.
__attribute__((naked)) NOINLINE static long in_red_zone(long n, long wait) {
  __asm__ volatile("mov $16, %ecx\n 1: mov %rdi, -136(%rsp,%rcx,8)\n inc %rdi\n dec %ecx\n jnz 1b\n"
                   "2: dec %rsi\n jns 2b\n"
                   "xor %eax, %eax\n mov $16, %ecx\n 3: add -136(%rsp,%rcx,8), %rax\n dec %ecx\n jnz 3b\n ret");
}
NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static void handler(int n) {
  EXPECT(leaf(n) == 2 * n && in_red_zone(5, 10) == 16 * 5 + 120);
  handled++;
}

TORTURE(40, 0) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, was;
  struct itimerval often = {{0, 40}, {0, 40}}, never = {{0, 0}, {0, 0}};
  sigaction(SIGALRM, &action, &was);
  handled = 0;
  setitimer(ITIMER_REAL, &often, NULL);
  for (long i = 0; i < 100 || handled < 50; i++)
    EXPECT(in_red_zone(i, 200) == 16 * i + 120);
  setitimer(ITIMER_REAL, &never, NULL);
  sigaction(SIGALRM, &was, NULL);
}
