// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linked with unwind.c in place of the runtime: what libgcc's unwinder knows of sleds. For every record it asks
// for the FDE of the function's address and of the sled; it must be there and begin at that address. With UNWIND_WALK the
// sleds of inner() then become endless loops, and the handler of a timer walks the stack from there: the instruction that
// a trampoline is entered from is the one at which the unwinder looks. Compiled without the plugin; TARGET as in patch_all.cpp.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>
#include <unwind.h>

#include "sled/record.h"

extern "C" int inner(int), outer(int), main();

namespace {

// A branch to itself. Where a branch has a delay slot, the sled has a NOP for it.
#if defined __x86_64__ || defined __i386__
constexpr uint8_t trap[] = {0xeb, 0xfe};
#elif defined __aarch64__
constexpr uint32_t trap = 0x14000000;
#elif defined __arm__
constexpr uint32_t trap = 0; // none: the tables of EHABI are about the state behind the prologue alone
#elif defined __powerpc64__
constexpr uint32_t trap = 0x48000000;
#elif defined __mips__
constexpr uint32_t trap = 0x1000ffff;
#elif defined __riscv
constexpr uint32_t trap = 0x0000006f;
#elif defined __s390x__
constexpr uint32_t trap = 0xa7f40000;
#elif defined __loongarch__
constexpr uint32_t trap = 0x50000000;
#endif

#ifdef __arm__
constexpr bool walks = false;
#else
constexpr bool walks = true;
#endif

struct Trap {
  uint8_t *at;
  uint8_t bytes[sizeof trap];
} traps[8];
unsigned trap_count, unknown;

// An address of a function as a number: Thumb's mark taken off.
uintptr_t plain(uintptr_t address) {
#ifdef __arm__
  return address & -2;
#else
  return address;
#endif
}

uintptr_t code_of(int (*function)(int)) {
#ifdef LUGE_DESCRIPTORS
  return *reinterpret_cast<uintptr_t *>(function);
#else
  return plain(reinterpret_cast<uintptr_t>(function));
#endif
}

const char *name_of(uintptr_t function) {
  return function == code_of(inner)   ? "inner"
         : function == code_of(outer) ? "outer"
         : function == code_of(reinterpret_cast<int (*)(int)>(main)) ? "main"
                                      : "?";
}

#ifdef __arm__
bool knows(uintptr_t, uintptr_t) { return true; } // by the table of exidx: no question of this kind
#else
struct Bases {
  void *text, *data, *function;
};
extern "C" const void *_Unwind_Find_FDE(void *, Bases *);

// _Unwind_Find_FDE as the unwinder asks for a signal frame: the address itself, not the one before it.
bool knows(uintptr_t address, uintptr_t function) {
  Bases bases = {};
  return _Unwind_Find_FDE(reinterpret_cast<void *>(address), &bases) &&
         reinterpret_cast<uintptr_t>(bases.function) == function;
}
#endif

const char *walk[8]; // from inner() outward
unsigned depth, ticks;

_Unwind_Reason_Code note(_Unwind_Context *context, void *) {
  const char *name = name_of(plain(_Unwind_GetRegionStart(context)));
  if ((depth || !strcmp(name, "inner")) && *name != '?' && depth < 8)
    walk[depth++] = name;
  return _URC_NO_REASON;
}

void write_text(uint8_t *at, const void *bytes) {
  memcpy(at, bytes, sizeof trap);
  __builtin___clear_cache(reinterpret_cast<char *>(at), reinterpret_cast<char *>(at) + sizeof trap);
}

// The first trap that is still set is the one that holds: an entry, then an exit. Before the program is there, the
// walk sees nothing of inner(); if that does not change, it cannot.
void tick(int) {
  for (unsigned i = 0; i < trap_count; ++i)
    if (!memcmp(traps[i].at, &trap, sizeof trap)) {
      depth = 0;
      _Unwind_Backtrace(note, nullptr);
      if (!depth && ++ticks < 40)
        return;
      printf("%s:", i ? "exit" : "entry");
      for (unsigned d = 0; d < depth; ++d)
        printf(" %s", walk[d]);
      printf("\n");
      write_text(traps[i].at, traps[i].bytes);
      return;
    }
}

void set_trap(uint8_t *sled) {
  uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE)), begin = reinterpret_cast<uintptr_t>(sled) & -page;
  size_t size = page + (begin + page - reinterpret_cast<uintptr_t>(sled) < sizeof trap ? page : 0);
  if (mprotect(reinterpret_cast<void *>(begin), size, PROT_READ | PROT_WRITE | PROT_EXEC) || trap_count == 8)
    _exit(97);
  traps[trap_count].at = sled;
  memcpy(traps[trap_count++].bytes, sled, sizeof trap);
  write_text(sled, &trap);
}

} // namespace

extern "C" void luge_module_register(const luge_site *begin, const luge_site *end, const void *, const void *, int) {
  setvbuf(stdout, nullptr, _IONBF, 0);
  const char *mode = getenv("UNWIND_WALK"); // entries, exits (and entries), or nothing: no walk
  signal(SIGALRM, tick);
  for (int exits = 0; exits < 2; ++exits)
    for (const luge_site *site = begin; site < end; ++site) {
      uintptr_t sled = LUGE_FIELD_ADDRESS(site->sled), function = LUGE_FIELD_ADDRESS(site->function);
      if (exits != (site->kind != LUGE_SITE_ENTRY))
        continue;
      if (!knows(sled, function) || (!exits && !knows(function, function))) {
        printf("no FDE for %s of record %d\n", exits ? "an exit" : "an entry", static_cast<int>(site - begin));
        ++unknown;
      }
      if (walks && mode && function == code_of(inner) && (!exits || !strcmp(mode, "exits")))
        set_trap(reinterpret_cast<uint8_t *>(sled));
    }
  itimerval often = {{0, 50000}, {0, 50000}};
  if (mode)
    setitimer(ITIMER_REAL, &often, nullptr);
  printf("%d records, %u without FDE\n", static_cast<int>(end - begin), unknown);
}

extern "C" void luge_module_unregister(const luge_site *, const luge_site *) {}
