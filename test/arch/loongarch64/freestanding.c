// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// No C library for this target is packaged where the tests run: a program without one switches its own sleds
// on through what the registration hands over, and counts. Exit status 0: the result is right, and every
// function that was entered was left. LLVM 16 has no linker for this target.
// MATRIX: exits
// CANNOT(clang-16): ld.lld 16 does not know LoongArch
// UNSUPPORTED: clang-16
// DEFINE: %{linker} = %if clang %{ -fuse-ld=lld %}
// RUN: %bare_cc -c -o %t.trampoline.o %S/trampoline.S
// RUN: env LUGE_PLUGIN="flavour=toggle exits=on" %cc -march=loongarch64 -O2 -I%source -ffreestanding -c -o %t.o %s
// RUN: %bare_cc -nostdlib -static %{linker} -o %t %t.o %t.trampoline.o
// RUN: timeout 60 qemu-loongarch64 %t
// RUN: env LUGE_PLUGIN="nops=6,2 exits=on" %cc -march=loongarch64 -O1 -fPIC -I%source -ffreestanding -c -o %t.o %s
// RUN: %bare_cc -nostdlib -static %{linker} -o %t %t.o %t.trampoline.o
// RUN: timeout 60 qemu-loongarch64 %t
// RUN: %bare_cc -nostdlib -shared %{linker} -o %t.so %t.o %t.trampoline.o
// RUN: %sites %t.so | %check(SITES)
// SITES-DAG: leaf nop sled=+0 prefix=2 args=0 flags=- stub=yes section=.text
// SITES-DAG: leaf nop sled={{.*}} kind=return
#include "sled/record.h"

#define NOINLINE __attribute__((noinline))
#define OWN __attribute__((no_instrument_function))

uint64_t luge_entries, luge_exits;
void luge_count_entry(void);
void luge_count_exit(void);
void luge_count_exit_alternate(void);
extern void luge_module_ctor(void) __attribute__((visibility("hidden")));

OWN static long call(long number, long a, long b, long c) {
  register long a0 __asm__("$a0") = a, a1 __asm__("$a1") = b, a2 __asm__("$a2") = c;
  register long a7 __asm__("$a7") = number;
  __asm__ volatile("syscall 0" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7)
                   : "memory", "$t0", "$t1", "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$t8");
  return a0;
}

OWN static void leave(int status) {
  for (;;)
    call(93, status, 0, 0);
}

// Linked everything into one segment's worth of pages: text is made writable around each sled.
OWN static void patch(const struct luge_site *site) {
  uint32_t *sled = (uint32_t *)LUGE_FIELD_ADDRESS(site->sled);
  uint32_t *stub = (uint32_t *)LUGE_FIELD_ADDRESS(site->stub);
  struct luge_slot *slot = (struct luge_slot *)((char *)stub + (int32_t)stub[-2]);
  if (*sled != 0x03400000 || slot->trampoline || (uintptr_t)slot % 16)
    leave(90);
  slot->trampoline = (void *)(site->kind == LUGE_SITE_ENTRY  ? luge_count_entry
                              : (stub[0] & 0x1f) == 14 ? luge_count_exit_alternate
                                                       : luge_count_exit);
  slot->body = stub - 1;
  if (call(226, (long)sled & -65536, 2 * 65536, 7) && call(226, (long)sled & -65536, 65536, 7) &&
      call(226, (long)sled & -4096, 4096, 7))
    leave(91);
  uint32_t words = (uint32_t)(stub - sled);
  *sled = 0x50000000 | (words & 0xffff) << 10 | (words >> 16 & 0x3ff);
  __asm__ volatile("ibar 0");
}

static unsigned patched;
static volatile long one = 1;
__attribute__((weak)) OWN void luge_module_register(const struct luge_site *begin, const struct luge_site *end, const void *names,
                              const void *names_end, int version) {
  if (version != LUGE_ABI_VERSION || names != names_end)
    leave(92);
  for (; begin < end; ++begin, ++patched)
    patch(begin);
}
__attribute__((weak)) OWN void luge_module_unregister(const struct luge_site *begin, const struct luge_site *end) {
  (void)begin, (void)end;
}

struct Big { long a[6]; };
NOINLINE long leaf(long x) { return x * 3 + 1; }
NOINLINE long two(long x) { return leaf(x) + leaf(x + 1); }
NOINLINE long tail(long x) { return two(x + 1); }
NOINLINE long through(long (*f)(long), long x) { return f(x - 1); }
NOINLINE long fib(long n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
NOINLINE double floats(double a, float b) { return a * b; }
NOINLINE struct Big big(long n) {
  struct Big b = {{n, n + 1, n + 2, n + 3, n + 4, n + 5}};
  return b;
}
NOINLINE long many(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
}

OWN void _start(void) {
  luge_module_ctor();
  long result = two(one * 3) + tail(one) + through(leaf, one * 5) + fib(one * 10) + big(one).a[5] +
                many(one, 2, 3, 4, 5, 6, 7, 8, 9, 10) + (long)floats((double)one * 2, 3);
  if (result != 23 + 17 + 13 + 55 + 6 + 385 + 6)
    leave(93);
  leave(patched >= 16 && luge_entries > 90 && luge_entries == luge_exits ? 0 : 94);
}
