// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Three NOPs as the Linux kernel would use them on MIPS, executed: `lui at; nop <-> jalr at, at; li t0, 0 <-> 1`
// with the trampoline at a 64 KiB aligned address below 2 GiB. One word switches tracing, the next one the kind of
// trampoline that t0 asks for; the caller's ra stays as it is, arguments, t9 and gp too. A thread switches while
// another calls. Stock gcc puts these NOPs before the label, stock clang refuses the option.
// MATRIX: defect-5
// MATRIX: defect-16
// REQUIRES: runs
// RUN: env LUGE_PLUGIN='nops=3 stub=no include=traced*' %cc -O2 -fPIE -fno-inline -DTRACED -c -o %t.o %s
// RUN: %link -O1 -I%source -x c %s -x none %t.o -o %t.1
// RUN: %run %t.1 | %check
// RUN: env LUGE_PLUGIN='nops=3 stub=yes include=traced*' %cc -O0 -fPIE -fno-inline -DTRACED -c -o %t.o %s
// RUN: %link -O1 -I%source -x c %s -x none %t.o -o %t.2
// RUN: %run %t.2 | %check

// ALL: sleds 2
// ALL-NEXT: laid down 0 0
// ALL-NEXT: switched on 15 0
// ALL-NEXT: other class 0 15
// ALL-NEXT: switched off 0 0
// ALL-NEXT: two threads: right
#ifdef TRACED // compiled with the plugin
volatile int variable = 3;
unsigned long returned_to;

int traced_leaf(int a, int b, int c, double d) { return a + b * 2 + c * 3 + (int)d + variable; }
int traced_caller(int x) {
  returned_to = (unsigned long)__builtin_return_address(0);
  return traced_leaf(x, 2, 3, 4.0) + variable;
}
#else // the consumer
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sled/record.h"

#ifdef __mips64
enum { T0 = 12, STORE = 0x3f }; // sd
#else
enum { T0 = 8, STORE = 0x2b }; // sw
#endif
enum { AT = 1, SCRATCH = 13, INDEX = 14, VALUE = 24, RA = 31, JALR_AT = 0x00200809, COUNTERS = 0x4000, SAVED = 0x5000 };

static uint32_t immediate(unsigned op, unsigned rs, unsigned rt, unsigned value) {
  return op << 26 | rs << 21 | rt << 16 | (value & 0xffff);
}
static uint32_t lui(unsigned rt, uint32_t address) { return immediate(0x0f, 0, rt, address >> 16); }
static uint32_t li(unsigned rt, unsigned value) { return immediate(0x09, 0, rt, value); }

static volatile uint32_t *sleds[16], *page;
static unsigned sled_count;
extern uintptr_t returned_to;
int traced_leaf(int a, int b, int c, double d), traced_caller(int x);

// Counts in counters[t0], keeps the ra that it finds, returns by at.
static void make_trampoline(void) {
  uintptr_t at = 0x20000000;
  void *got = MAP_FAILED;
  for (; got == MAP_FAILED && at < 0x70000000; at += 0x1000000)
    got = mmap((void *)at, 0x10000, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == MAP_FAILED || (uintptr_t)got % 0x10000)
    exit(9);
  page = got;
  const uint32_t text[] = {
      lui(SCRATCH, (uint32_t)(uintptr_t)got),
      T0 << 16 | INDEX << 11 | 2 << 6,                  // sll index, t0, 2
      SCRATCH << 21 | INDEX << 16 | INDEX << 11 | 0x21, // addu index, scratch, index
      immediate(0x23, INDEX, VALUE, COUNTERS),          // lw
      immediate(0x09, VALUE, VALUE, 1),                 // addiu
      immediate(0x2b, INDEX, VALUE, COUNTERS),          // sw
      immediate(STORE, SCRATCH, RA, SAVED),
      AT << 21 | 0x08, // jr at
      0,
  };
  memcpy(got, text, sizeof text);
  __builtin___clear_cache((char *)got, (char *)got + sizeof text);
}

static void store(volatile uint32_t *at, uint32_t word) {
  *at = word;
  __builtin___clear_cache((char *)(uintptr_t)at, (char *)(uintptr_t)(at + 1));
}
static void set(unsigned word, uint32_t value) {
  for (unsigned i = 0; i < sled_count; ++i)
    store(sleds[i] + word, value);
}

void luge_module_register(const struct luge_site *site, const struct luge_site *end, const void *names,
                          const void *names_end, int version) {
  (void)names, (void)names_end;
  for (; version == LUGE_ABI_VERSION && site < end; ++site) {
    volatile uint32_t *sled = (volatile uint32_t *)LUGE_FIELD_ADDRESS(site->sled);
    if (sled[0] || sled[1] || sled[2] || (uintptr_t)sled < (uintptr_t)LUGE_FIELD_ADDRESS(site->function))
      exit(8);
    uintptr_t first = (uintptr_t)sled & -(uintptr_t)getpagesize();
    if (mprotect((void *)first, 2 * (size_t)getpagesize(), PROT_READ | PROT_WRITE | PROT_EXEC))
      exit(7);
    sleds[sled_count++] = sled;
  }
}

static void call(int times) {
  for (int i = 0; i < times; ++i)
    if (traced_leaf(i, 5, 6, 7.5) != i + 38 || traced_caller(i) != i + 23)
      exit(6);
}

static void round_of_calls(const char *what) {
  volatile uint32_t *counter = page + COUNTERS / 4;
  counter[0] = counter[1] = 0;
  memset((char *)(uintptr_t)page + SAVED, 0, sizeof(uintptr_t));
  call(5);
  uintptr_t saved; // of the last entry, that of traced_leaf in traced_caller
  memcpy(&saved, (char *)(uintptr_t)page + SAVED, sizeof saved);
  if (saved) { // of traced_caller alone: what it returns to
    set(1, 0);
    store(sleds[1] + 1, JALR_AT);
    traced_caller(1);
    memcpy(&saved, (char *)(uintptr_t)page + SAVED, sizeof saved);
    if (saved != returned_to)
      exit(5);
    --counter[*(sleds[1] + 2) & 1];
    set(1, JALR_AT);
  }
  printf("%s %u %u\n", what, counter[0], counter[1]);
}

static volatile int stop;
static void *switch_on_and_off(void *unused) {
  for (unsigned i = 0; !stop; ++i) {
    set(1, i & 1 ? JALR_AT : 0);
    set(2, li(T0, i >> 1 & 1));
  }
  return unused;
}

int main(void) {
  printf("sleds %u\n", sled_count);
  make_trampoline();
  set(0, lui(AT, (uint32_t)(uintptr_t)page));
  set(2, li(T0, 0));
  round_of_calls("laid down");
  set(1, JALR_AT);
  round_of_calls("switched on");
  set(2, li(T0, 1));
  round_of_calls("other class");
  set(1, 0);
  round_of_calls("switched off");
  pthread_t thread;
  pthread_create(&thread, NULL, switch_on_and_off, NULL);
  volatile uint32_t *counter = page + COUNTERS / 4;
  for (int rounds = 0; rounds < 20 || (rounds < 100000 && !(counter[0] && counter[1])); ++rounds)
    call(10);
  stop = 1;
  pthread_join(thread, NULL);
  printf("two threads: %s\n", counter[0] && counter[1] ? "right" : "a class never ran");
  return 0;
}
#endif
