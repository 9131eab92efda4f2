// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Modules (executable and DSOs with sleds) and their sites. Registering a
// module keeps its bounds and no more; its table is built when somebody
// first wants to trace, so that an idle program's text is not even read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "arch/current/patch.h"
#include "sled/layout.h"
#include "sled/record.h"
#include "sled/trace_format.h"

namespace luge {

// Users of a site, one bit each: up to 62 ftrace_ops, and the two built-in tracers.
using Users = uint64_t;
inline constexpr unsigned kMaxOps = 62;
inline constexpr Users kFunctionUser = 1ull << 62, kGraphUser = 1ull << 63;

enum SiteFlags : uint32_t {
  SiteOn = 1 << 0,        // the sled is switched on
  SiteTouched = 1 << 1,   // has ever been switched
  SiteRefused = 1 << 2,   // its bytes are not a sled's: left alone (reported once)
  SiteGraphRoot = 1 << 3, // -g names it
};

struct Site {
  uint32_t record; // index into the module's luge_sites
  uint32_t flags;  // SiteFlags
  Users users;     // what the trampolines dispatch to; the patcher makes the sled agree
};
static_assert(sizeof(Site) == 16);

struct Module {
  const luge_site *records, *records_end;
  const char *names, *names_end;
  uintptr_t bias;
  char path[512];
  uint8_t build_id[20];
  uint32_t build_id_size;
  uintptr_t text_begin, text_end; // the executable segment that holds the sleds, page-rounded
  int text_protection;
  Site *sites;       // sorted by slot address; null: not built yet
  luge_slot *first_slot;
  uint32_t *slot_numbers; // of each site, from first_slot: what by_slot() searches
  uint32_t site_count;
  uint32_t ids_clash; // its slots share event ids with another module: not traceable
  ModuleEntry *entry; // in the session
  Module *next;
};

// Addresses of a site, from its record. Inline: switching and dispatch live on them.
inline const luge_site &record_of(const Module &m, const Site &s) { return m.records[s.record]; }
inline uintptr_t sled_of(const luge_site &r) { return LUGE_FIELD_ADDRESS(r.sled); }
inline uintptr_t function_of(const luge_site &r) { return LUGE_FIELD_ADDRESS(r.function); }
inline uintptr_t stub_of(const luge_site &r) { return r.stub ? LUGE_FIELD_ADDRESS(r.stub) : 0; }
inline luge_slot *slot_of_stub(uintptr_t stub) {
  const Layout &l = arch::layout;
  uintptr_t at = stub + l.stub_slot_ref;
  int32_t reference;
  __builtin_memcpy(&reference, reinterpret_cast<const void *>(at), sizeof reference);
  return reinterpret_cast<luge_slot *>(at + l.stub_slot_bias + static_cast<intptr_t>(reference));
}
inline luge_slot *slot_of(const luge_site &r) { return slot_of_stub(stub_of(r)); }
inline Flavour flavour_of(const luge_site &r) { return r.flags & LUGE_SITE_TOGGLE ? Flavour::Toggle : Flavour::Nop; }

class Modules {
public:
  Module *add(const luge_site *begin, const luge_site *end, const void *names, const void *names_end);
  // Takes it out of the list; the caller has switched nothing back on in between.
  void remove(const luge_site *begin, const luge_site *end);
  Module *first() const { return __atomic_load_n(&head, __ATOMIC_ACQUIRE); }
  // Builds the table of a module; false where it has no site that can be switched, or no memory.
  bool build(Module &m);
  // The site of a slot or function; null: none. Lock-free: for callbacks.
  Site *by_slot(const luge_slot *slot, Module **module) const;
  Site *by_function(uintptr_t address, Module **module) const;

private:
  Module *head = nullptr;
  bool clashes(const Module &m) const;
};

} // namespace luge
