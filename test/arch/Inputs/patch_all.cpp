// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linked with a program under test in place of the runtime: switches every sled of every module on, to
// trampolines that count entries and exits, when the module registers itself (so before main, and in
// dlopen). At the end it prints, on stderr, so that the program's own output stays comparable:
//
//   patched ENTRIES + EXITS, ran ENTERED in, LEFT out
//
// LUGE_PATCH=0 leaves everything as it is. Compiled without the plugin, once for each target; TARGET is
// the name of its folder of arch/. A sled whose bytes are not those of the off state, or that cannot
// reach its stub, ends the program.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

#include "sled/record.h"
#define STRING2(x) #x
#define STRING(x) STRING2(x)
#include STRING(arch/TARGET/encode.h)

using namespace luge;

extern "C" {
void luge_count_entry();
void luge_count_exit();
// Where the alternate stub of an indirect tail call brings the slot in another register.
__attribute__((weak)) void luge_count_exit_alternate();
uint64_t luge_entries, luge_exits;
}

namespace {

constexpr const Layout &layout = arch::layout;
unsigned patched[2];

[[noreturn]] void die(const char *what, const uint8_t *sled) {
  fprintf(stderr, "patch_all: %s at %p:", what, static_cast<const void *>(sled));
  for (unsigned i = 0; i < layout.toggle_size; ++i)
    fprintf(stderr, " %02x", sled[i]);
  fprintf(stderr, "\n");
  _exit(99);
}

// Where a function pointer leads: on some architectures it names a descriptor.
void *code_of(void (*function)()) {
#ifdef LUGE_DESCRIPTORS
  return *reinterpret_cast<void **>(reinterpret_cast<void *>(function));
#else
  return reinterpret_cast<void *>(function);
#endif
}

luge_slot *slot_of(uintptr_t stub) {
  intptr_t at = static_cast<intptr_t>(stub) + layout.stub_slot_ref;
  int32_t value;
  memcpy(&value, reinterpret_cast<void *>(at), sizeof value);
  return reinterpret_cast<luge_slot *>(at + layout.stub_slot_bias +
                                       static_cast<intptr_t>(value) * (1 << layout.stub_slot_shift));
}

void make_writable(uint8_t *at) {
  uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  uintptr_t begin = reinterpret_cast<uintptr_t>(at) & -page;
  if (mprotect(reinterpret_cast<void *>(begin), 2 * page, PROT_READ | PROT_WRITE | PROT_EXEC) &&
      mprotect(reinterpret_cast<void *>(begin), page, PROT_READ | PROT_WRITE | PROT_EXEC))
    die("mprotect failed", at);
}

void patch(const luge_site &site) {
  if (!site.stub)
    return;
  auto *sled = reinterpret_cast<uint8_t *>(LUGE_FIELD_ADDRESS(site.sled));
  uintptr_t stub = LUGE_FIELD_ADDRESS(site.stub), at = reinterpret_cast<uintptr_t>(sled);
  bool entry = site.kind == LUGE_SITE_ENTRY;
  luge_slot *slot = slot_of(stub);
  if (reinterpret_cast<uintptr_t>(slot) % layout.slot_align || slot->trampoline || slot->body)
    die("slot is misaligned or used twice, of the sled", sled);
  bool alternate = luge_count_exit_alternate && arch::is_alternate_stub(reinterpret_cast<uint8_t *>(stub));
  slot->trampoline = code_of(entry       ? luge_count_entry
                             : alternate ? luge_count_exit_alternate
                                         : luge_count_exit);
  slot->body = reinterpret_cast<void *>(static_cast<uintptr_t>(body_address(layout, stub)));
  Flavour flavour = site.flags & LUGE_SITE_TOGGLE ? Flavour::Toggle : Flavour::Nop;
  uint8_t off[16], on[16];
  if (at % layout.sled_align)
    die("misaligned sled", sled);
  if (!arch::encode_sled(flavour, false, at, stub, off) || !arch::encode_sled(flavour, true, at, stub, on))
    die("stub out of reach", sled);
  if (memcmp(sled, off, layout.toggle_size))
    die("sled is not in its off state", sled);
  make_writable(sled);
  memcpy(sled, on, layout.toggle_size);
  __builtin___clear_cache(reinterpret_cast<char *>(sled), reinterpret_cast<char *>(sled) + 16);
  ++patched[!entry];
}

bool wanted() {
  const char *value = getenv("LUGE_PATCH");
  return !value || strcmp(value, "0");
}

__attribute__((destructor(101))) void report() {
  fprintf(stderr, "patched %u + %u, ran %llu in, %llu out\n", patched[0], patched[1],
          static_cast<unsigned long long>(luge_entries), static_cast<unsigned long long>(luge_exits));
}

} // namespace

extern "C" void luge_module_register(const luge_site *begin, const luge_site *end, const void *,
                                     const void *, int abi_version) {
  if (abi_version != LUGE_ABI_VERSION)
    die("wrong ABI version", nullptr);
  for (const luge_site *site = begin; wanted() && site < end; ++site)
    patch(*site);
}

extern "C" void luge_module_unregister(const luge_site *, const luge_site *) {}
