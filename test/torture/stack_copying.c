// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Coroutines that share one piece of the stack, each copied out to the heap and back (as greenlet does): traced
// frames come back to the addresses they had, after others' frames have been there.
// RUN: %compile_c -fno-stack-protector && %users
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "torture.h"

enum { TASKS = 4, ROOM = 1 << 14 };
static struct task {
  void *sp;
  char *saved;
  size_t size;
  long sum;
  int state; // 0: not begun, 1: begun, 2: finished
} tasks[TASKS], *current;
static void *scheduler_sp;
static char *base; // tasks' frames lie below
static char shadow_stack[ROOM] __attribute__((aligned(16)));

// Keeps the registers that a call keeps, stores rsp, goes on at another one.
__asm__(".text\n .type switch_stack,@function\nswitch_stack:\n"
        " push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
        " mov %rsp, (%rdi)\n mov %rsi, %rsp\n"
        " pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n ret\n"
        " .size switch_stack, . - switch_stack\n");
void switch_stack(void **save, void *to);

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static void yield(void) {
  leaf(1);
  switch_stack(&current->sp, scheduler_sp);
  OPAQUE();
}
NOINLINE static long descend(long n) {
  char room[64];
  memset(room, (int)n, sizeof room);
  yield();
  long below = n ? descend(n - 1) : 0;
  yield();
  for (int i = 0; i < 64; i++)
    EXPECT(((volatile char *)room)[i] == (char)n);
  return below + leaf(n);
}
NOINLINE static void task_main(void) {
  current->sum = descend(5 + (current - tasks));
  current->state = 2;
  switch_stack(&current->sp, scheduler_sp);
}

// Runs on the scheduler's stack, not on the copied one.
UNTRACED static void resume(struct task *t) {
  current = t;
  if (t->state == 0) {
    void **sp = (void **)base;
    *--sp = (void *)abort; // its return address
    *--sp = (void *)task_main;
    sp -= 6; // what switch_stack pops
    memset(sp, 0, 48);
    t->sp = sp;
    t->state = 1;
  } else {
    memcpy(base - t->size, t->saved, t->size);
  }
  switch_stack(&scheduler_sp, t->sp);
  t->size = (size_t)(base - (char *)t->sp);
  free(t->saved);
  t->saved = malloc(t->size);
  memcpy(t->saved, t->sp, t->size);
  memset(base - ROOM, 0xee, ROOM - 16);
}

TORTURE(60, 0) {
  base = shadow_stack + ROOM;
  for (int i = 0; i < TASKS; i++)
    tasks[i].state = 0;
  for (int more = 1; more;) {
    more = 0;
    for (int i = 0; i < TASKS; i++)
      if (tasks[i].state < 2) {
        resume(&tasks[i]);
        more = 1;
      }
  }
  for (long i = 0; i < TASKS; i++)
    EXPECT(tasks[i].sum == (5 + i) * (6 + i));
  torture_left(TASKS); // task_main
}
