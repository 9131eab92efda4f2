// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the M NOPs are for: `b replacement` is stored there, the sled at the local entry is made a branch to it.
// Calls through the global entry (a pointer) and the local one (from this module) arrive at the replacement, in
// both layouts; the function pointer is still that of the function.
// MATRIX: defect-7
// REQUIRES: runs
// DEFINE: %{options} =
// DEFINE: %{flags} = -O2 -fPIE
// DEFINE: %{test} = env "LUGE_PLUGIN=%{options}" %cc %{flags} -I%source -c -o %t.o %s && %link -pie -o %t %t.o && %run %t | %check
// REDEFINE: %{options} = entries=both nops=4,2 layout=split
// RUN: %{test}
// REDEFINE: %{options} = entries=both nops=4,2 layout=local
// RUN: %{test}
// REDEFINE: %{options} = entries=both nops=2,1
// RUN: %{test}
// REDEFINE: %{options} = entries=both nops=7,6 layout=local
// RUN: %{test}
// REDEFINE: %{flags} = -O2 -fPIE -mcmodel=large
// RUN: %{test}
// REDEFINE: %{options} = entries=both nops=4,3
// RUN: %{test}
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "sled/record.h"

static volatile int number = 7, other = 107;

__attribute__((noinline)) int function(int x) { return number + x; }
__attribute__((noinline, no_instrument_function)) int replacement(int x) { return other + x; }
__attribute__((noinline)) int direct(int x) { return function(x) + 1; }

extern const struct luge_site __start_luge_sites[], __stop_luge_sites[];
extern uint32_t *__start___patchable_function_entries[], *__stop___patchable_function_entries[];

// Where the code of a function begins, and where a call from this module enters it: r2 is set then.
static uintptr_t code_of(int (*f)(int)) {
#if _CALL_ELF == 1
  return *(uintptr_t *)f; // of a descriptor
#else
  return (uintptr_t)f;
#endif
}
static const int local_entry = _CALL_ELF == 1 ? 0 : 8;

static void branch(uint32_t *from, const void *to) {
  uintptr_t page = (uintptr_t)from & -(uintptr_t)65536;
  if (mprotect((void *)page, 2 * 65536, PROT_READ | PROT_WRITE | PROT_EXEC))
    mprotect((void *)page, 65536, PROT_READ | PROT_WRITE | PROT_EXEC);
  if (*from != 0x60000000) {
    printf("no NOP but %08x\n", *from);
    exit(1);
  }
  *from = 0x48000000 | ((uint32_t)((const char *)to - (char *)from) & 0x03fffffc);
  __asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; isync" : : "r"(from) : "memory"); // not in __builtin___clear_cache
}

int main(void) {
  int (*volatile pointer)(int) = function;
  printf("direct %d pointer %d\n", direct(1), pointer(1));
  const struct luge_site *site = __start_luge_sites;
  while (LUGE_FIELD_ADDRESS(site->function) != code_of(function))
    ++site;
  uint32_t *sled = (uint32_t *)LUGE_FIELD_ADDRESS(site->sled), *area = NULL;
  for (uint32_t **p = __start___patchable_function_entries; p < __stop___patchable_function_entries; ++p)
    if (*p < sled && (!area || area < *p)) // the last before the sled
      area = *p;
  branch(area, (char *)code_of(replacement) + local_entry);
  branch(sled, area);
  printf("direct %d pointer %d\n", direct(1), pointer(1));
  printf("%d\n", pointer == function);
  return 0;
}
// ALL:      direct 9 pointer 8
// ALL-NEXT: direct 109 pointer 108
// ALL-NEXT: 1
