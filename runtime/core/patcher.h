// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes sleds agree with the users of their sites. Verifies before every
// write: what is not one of the two states of a sled is reported and left alone.
#pragma once

#include "runtime/core/address_set.h"
#include "runtime/core/sites.h"

namespace luge {

enum class PatchResult { Ok, Forbidden, Dead };

// Of the users of sites, made along with what follows from it: reading all sites twice costs as much as switching them.
struct UserChange {
  Users add = 0, remove = 0;
  void make(Site &s) const {
    Users users = (s.users | add) & ~remove;
    if (users != s.users)
      __atomic_store_n(&s.users, users, __ATOMIC_RELEASE);
  }
};

class Patcher {
public:
  // Every site of m that has users is on, and every other off, with the slots that their users need.
  // One batch: one change of protection, one core barrier. `change` has been made to every site of it afterwards,
  // whatever else could not be done.
  PatchResult apply(Module &m, UserChange change = {}) { return apply(m, m.sites, m.sites + m.site_count, change); }
  PatchResult apply(Module &m, Site *begin, Site *end, UserChange change = {});
  void set_slot(Site &s); // of a site that is on, or about to be
  void set_enabled(bool yes) { enabled = yes; } // false: no site is to be on
  bool is_enabled() const { return enabled; }
  bool dead() const { return killed; }
  size_t sites_on() const { return on; }
  void forget(Module &m); // its sites are gone with it

private:
  struct Range {
    Site *begin, *end;
    uint32_t changes;
    UserChange users;
  };
  PatchResult apply_held(Module &m, const Range &all);
  bool wants_on(const Site &s) const { return enabled && s.users != 0; }
  bool must_change(const Site &s) const {
    return !(s.state & SiteRefused) && wants_on(s) != ((s.state & SiteOn) != 0);
  }
  // Stays on, perhaps for other users.
  void keep(Site &s) {
    if ((s.state & SiteOn) && wants_on(s))
      set_slot(s);
  }
  struct Remembered;
  struct Step;
  bool switch_toggle(Site &s, Remembered &last);
  bool write_few(Module &m, const Range &r, PatchResult *result);
  bool write_many(Module &m, const Range &r);
  bool prepare(Module &m, Site &s, arch::Sled *sled);
  void done(Module &m, Site &s, arch::SledState found);
  void note_switched(Site &s);
  void kill(const Module &m, const Site &s);

  bool killed = false, enabled = true;
  size_t on = 0;
  AddressSet breakpoints; // reported
};

} // namespace luge
