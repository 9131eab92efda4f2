// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Modules (executable and DSOs with sleds) and their sites. Registering a
// module keeps its bounds and no more; its table is built when somebody
// first wants to trace, so that an idle program's text is not even read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "arch/current/patch.h"
#include "runtime/foreign/foreign.h"
#include "sled/layout.h"
#include "sled/record.h"
#include "sled/trace_format.h"

namespace luge {

// Users of a site, one bit each: ftrace_ops and their like, callbacks beyond these, the two built-in tracers.
using Users = uint64_t;
inline constexpr unsigned kMaxIndexed = 58;
inline constexpr Users kMoreUsers = 1ull << kMaxIndexed;
inline constexpr Users kFunctionUser = 1ull << 62, kGraphUser = 1ull << 63;
inline constexpr Users kIndexedUsers = kMoreUsers - 1;

enum SiteState : uint8_t {
  SiteOn = 1 << 0,        // the sled is switched on
  SiteTouched = 1 << 1,   // has ever been switched
  SiteRefused = 1 << 2,   // its bytes are not a sled's: left alone (reported once)
  SiteGraphRoot = 1 << 3, // -g names it
  SiteModified = 1 << 4,  // ever had a user that changes where calls go
  SiteToggle = 1 << 5,    // flavour of its sled
  SiteSpecial = 1 << 6,   // not the platform's calling convention: any register may be live
  SiteHasExit = 1 << 7,   // luge_site_has_exit()
};

// What a switched-on site's slot leads to, as a number that its site can keep.
enum class Entry : uint8_t {
  None,
  Function,      // the built-in tracers alone
  Graph,
  GraphLimited,
  Count,
  Direct,
  Many,          // whatever there is: decided in core/dispatch.cpp
  ManySpecial,   // the same where any register may be live
  One,           // one callback
  ManyGeneral,   // the same two where no vector register is live
  OneGeneral,
};

// A function that can be traced. The slot's second word points to it; trampolines read its first.
struct Site {
  void *body;         // where the call goes on: the stub's second entry
  uintptr_t function; // its address
  Users users;        // what the trampolines dispatch to; the patcher makes the sled agree
  uint32_t index;     // among all sites of the process
  uint8_t state;      // SiteState
  uint8_t entry : 7;      // Entry: what the slot holds
  uint8_t no_vectors : 1; // LUGE_SITE_NO_VECTORS
  uint8_t stack_args; // of the record
  uint8_t sled;       // from the function's address
};
static_assert(sizeof(Site) == 32);

struct Module {
  const luge_site *records, *records_end;
  const char *names, *names_end;
  uintptr_t bias;
  char path[512];
  uint8_t build_id[20];
  uint32_t build_id_size;
  uintptr_t text_begin, text_end; // the executable segment that holds the sleds, page-rounded
  int text_protection;
  Site *sites;         // sorted by function; null: not built yet
  uint32_t site_count;
  uint32_t first_index;
  uint32_t first_id, last_id; // event ids of its slots
  bool ids_clash;      // its slots share event ids with another module: not traceable
  ModuleEntry *entry;  // in the session
  foreign::Sites foreign; // records null: the object's own
  Module *next;
};

inline uintptr_t sled_of(const Site &s) { return s.function + s.sled; }
inline uintptr_t stub_of(const Site &s) {
  return reinterpret_cast<uintptr_t>(s.body) - static_cast<uintptr_t>(intptr_t{arch::layout.stub_body_entry});
}
inline Flavour flavour_of(const Site &s) { return s.state & SiteToggle ? Flavour::Toggle : Flavour::Nop; }
inline luge_slot *slot_of_stub(uintptr_t stub) {
  const Layout &l = arch::layout;
  uintptr_t at = stub + static_cast<uintptr_t>(intptr_t{l.stub_slot_ref});
  int32_t reference;
  __builtin_memcpy(&reference, reinterpret_cast<const void *>(at), sizeof reference);
  return reinterpret_cast<luge_slot *>(at + static_cast<uintptr_t>(intptr_t{l.stub_slot_bias}) +
                                       static_cast<uintptr_t>(intptr_t{reference}));
}
inline luge_slot *slot_of(const Site &s) { return slot_of_stub(stub_of(s)); }
// Of a slot that a trampoline has been reached through.
inline Site &site_of(const luge_slot *slot) { return *static_cast<Site *>(slot->site); }

class Modules {
public:
  Module *add(const luge_site *begin, const luge_site *end, const void *names, const void *names_end);
  // Takes it out of the list; it stays usable until release().
  Module *remove(const luge_site *begin, const luge_site *end);
  // Its memory goes; nothing may lead to its sites any more.
  void release(Module *m);
  Module *first() const { return __atomic_load_n(&head, __ATOMIC_ACQUIRE); }
  // Builds the table of a module; false where it has no site that can be switched, or no memory.
  bool build(Module &m);
  // The last function of m at or below an address; null: none. Lock-free: m is not released while callbacks run.
  static Site *below(const Module &m, uintptr_t address);
  // The site of a function; null: none. Under the lock.
  Site *by_function(uintptr_t address, Module **module) const;
  uint32_t indices() const { return next_index; } // above every Site::index

private:
  bool make_table(Module &m, const luge_site *first);
  bool clashes(const Module &m) const;
  uint32_t take_indices(uint32_t count);
  void give_indices(uint32_t first, uint32_t count);
  struct Indices {
    uint32_t first, count;
  };
  Module *head = nullptr;
  uint32_t next_index = 0;
  Indices returned[64] = {}; // by objects that were closed
};

} // namespace luge
