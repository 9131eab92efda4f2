// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two ways to write text, because each fails somewhere:
//   few sites:  one-byte writes through /proc/self/mem (opened per batch: the descriptor belongs
//               to the address space that opened it). Text stays r-x throughout.
//   many sites: the whole executable segment goes rwx and back to what it was, once. Never
//               without X (other threads run there), never page by page (splits the mapping).
// Each is the other's fallback. After the last store one membarrier(SYNC_CORE).
#include "runtime/core/patcher.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "arch/current/cpu.h"
#include "arch/current/patch.h"
#include "runtime/core/runtime.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/text.h"

namespace luge {

namespace {

constexpr uint32_t kFew = 256; // above this one change of protection is cheaper
constexpr uintptr_t kSparse = 16384; // bytes between two sleds, up to which pages are made ready together
constexpr uintptr_t kTogether = 1 << 20;

bool sled_at(const Site &s, arch::Sled *out) {
  return arch::describe_sled(sled_of(s), stub_of(s), flavour_of(s), out);
}

void refuse(Module &m, Site &s, const char *why) {
  s.state |= SiteRefused;
  (sys::report() << "site of the function at ").hex(s.function) << " in " << m.path << ": " << why << ": left alone";
}

void put_slot(Site &s, Entry e, void *target) {
  __atomic_store_n(&slot_of(s)->trampoline, target, __ATOMIC_RELEASE);
  s.entry = static_cast<uint8_t>(e) & 0x7f;
}

// Pages that are written for the first time are copied by the kernel: asked for together, that costs a
// third. From s on up to the next gap without sleds, which would be copied in vain. Returns where that ends.
uintptr_t make_ready(const Site *s, const Site *end) {
  uintptr_t low = sled_of(*s) & ~uintptr_t{kPage - 1}, high = low;
  for (; s < end && sled_of(*s) - high < kSparse && high - low < kTogether; ++s)
    high = sled_of(*s);
  high = (high + arch::layout.toggle_size + kPage - 1) & ~uintptr_t{kPage - 1};
  if (high - low > kPage)
    sys::populate(reinterpret_cast<void *>(low), high - low);
  return high;
}

} // namespace

void Patcher::note_switched(Site &s) {
  s.state = static_cast<uint8_t>((s.state ^ SiteOn) | SiteTouched);
  on += s.state & SiteOn ? 1 : static_cast<size_t>(-1);
}

// What entry_for() and address_of() have said last in one module: sites of the same users and kind need the same.
struct Patcher::Remembered {
  Users users = 0;
  uint8_t state = 0;
  bool no_vectors = false;
  Entry entry = Entry::None;
  void *target = nullptr; // null: another one for each site

  void look(const Site &s) {
    constexpr uint8_t looked_at = SiteSpecial | SiteHasExit;
    if (s.users == users && (s.state & looked_at) == state && s.no_vectors == no_vectors)
      return;
    users = s.users;
    state = s.state & looked_at;
    no_vectors = s.no_vectors;
    entry = entry_for(s);
    target = entry == Entry::Graph || entry == Entry::Direct ? nullptr : address_of(entry, s);
  }
};

// What was done to a site: the next ones mostly looked like it before, and then need the same.
struct Patcher::Step {
  Users from = 0, to = 0;
  uint16_t looked = 0, looks = 0; // SiteState, entry and no_vectors
  bool on = false;
  void *target = nullptr; // null: slots stay

  static uint16_t looks_of(const Site &s) {
    uint16_t v;
    __builtin_memcpy(&v, &s.state, sizeof v);
    return v;
  }
  void before(const Site &s) {
    from = s.users;
    looked = looks_of(s);
  }
  // False where the next ones need more than that.
  bool after(const Site &s, const Remembered &last) {
    to = s.users;
    looks = looks_of(s);
    on = s.state & SiteOn;
    bool slot = (looked ^ looks) >> 8;
    target = slot ? last.target : nullptr;
    return (target || !slot) && s.entry != static_cast<uint8_t>(Entry::Direct);
  }
  // To the sites that follow, up to the first one that looks otherwise, which it returns. In pages below `ready`.
  Site *repeat(Site *s, Site *end, uintptr_t ready) const {
    if (target)
      return repeat<true>(s, end, looked & SiteTouched ? ~uintptr_t{0} : ready);
    return looked & SiteTouched ? repeat<false>(s, end, 0) : s;
  }

private:
  // Not inline: the loop has the registers to itself.
  template <bool slots> [[gnu::noinline]] Site *repeat(Site *s, Site *end, uintptr_t ready) const {
    const Step step = *this; // in registers
    for (; s < end && s->users == step.from && looks_of(*s) == step.looked && (!slots || sled_of(*s) < ready); ++s) {
      __atomic_store_n(&s->users, step.to, __ATOMIC_RELEASE);
      if (slots)
        __atomic_store_n(&slot_of(*s)->trampoline, step.target, __ATOMIC_RELEASE);
      if (!arch::switch_toggle(sled_of(*s), stub_of(*s), step.on))
        return s;
      __builtin_memcpy(&s->state, &step.looks, sizeof step.looks);
    }
    return s;
  }
};

// The common change, in writable text and with few instructions. False: nothing was done.
inline bool Patcher::switch_toggle(Site &s, Remembered &last) {
  bool yes = wants_on(s);
  if (!(s.state & SiteToggle))
    return false;
  if (yes) {
    last.look(s);
    if (static_cast<uint8_t>(last.entry) != s.entry || last.entry == Entry::Direct)
      put_slot(s, last.entry, last.target ? last.target : address_of(last.entry, s));
  }
  if (!arch::switch_toggle(sled_of(s), stub_of(s), yes))
    return false;
  note_switched(s);
  return true;
}

void Patcher::kill(const Module &m, const Site &s) {
  killed = true;
  (sys::report() << "site of the function at ").hex(s.function) << " in " << m.path
                << " did not take the change: tracing is off for good, the program goes on";
}

void Patcher::set_slot(Site &s) {
  Entry e = entry_for(s);
  if (static_cast<uint8_t>(e) == s.entry && e != Entry::Direct)
    return;
  put_slot(s, e, address_of(e, s));
}

// Fills the slot of a site that is to be on. False where the sled must not be written.
bool Patcher::prepare(Module &m, Site &s, arch::Sled *sled) {
  if (!sled_at(s, sled) || !arch::atomic(*sled)) {
    refuse(m, s, "its sled cannot be switched in one store");
    return false;
  }
  if (wants_on(s)) // else the slot stays: a thread may stand in the stub
    set_slot(s);
  return true;
}

void Patcher::done(Module &m, Site &s, arch::SledState found) {
  if (found == arch::SledState::Breakpoint) { // it may be gone the next time
    if (!breakpoints.has(s.function) && breakpoints.add(s.function))
      (sys::report() << "site of the function at ").hex(s.function)
          << " in " << m.path << ": holds 0xcc, not a sled state (a debugger?): left alone for now";
    return;
  }
  if (found == arch::SledState::Foreign)
    return s.state & SiteTouched ? kill(m, s) : refuse(m, s, "its bytes are not a sled's (patched by something else?)");
  if ((found == arch::SledState::On) != wants_on(s))
    return kill(m, s);
  note_switched(s);
}

bool Patcher::write_many(Module &m, const Range &r) {
  auto *text = reinterpret_cast<void *>(m.text_begin);
  size_t size = m.text_end - m.text_begin;
  if (sys::protect(text, size, PROT_READ | PROT_WRITE | PROT_EXEC) < 0)
    return false;
  uintptr_t ready = 0;
  Remembered last;
  Step step;
  for (Site *s = r.begin; s < r.end && !killed; ++s) {
    arch::Sled sled;
    step.before(*s);
    r.users.make(*s);
    if (!must_change(*s)) {
      keep(*s);
      continue;
    }
    if (!(s->state & SiteTouched) && sled_of(*s) >= ready)
      ready = make_ready(s, r.end);
    if (!switch_toggle(*s, last)) {
      if (prepare(m, *s, &sled))
        done(m, *s, arch::switch_in_place(sled, wants_on(*s)));
    } else if (step.after(*s, last)) {
      Site *other = step.repeat(s + 1, r.end, ready);
      on += static_cast<size_t>(step.on ? other - s - 1 : s + 1 - other);
      s = other - 1;
    }
  }
  sys::protect(text, size, m.text_protection);
  return true;
}

// False where a site needs more than a one-byte write, or the file cannot be written: nothing
// that cannot be repeated has happened then.
bool Patcher::write_few(Module &m, const Range &r, PatchResult *result) {
  long fd = sys::open_file("/proc/self/mem", O_RDWR);
  if (fd < 0)
    return false;
  bool whole = true;
  for (Site *s = r.begin; s < r.end && !killed; ++s) {
    arch::Sled sled;
    uintptr_t at;
    uint8_t byte;
    r.users.make(*s);
    if (!must_change(*s)) {
      keep(*s);
      continue;
    }
    if (!sled_at(*s, &sled) || !arch::switch_bytes(sled, wants_on(*s), &at, &byte)) {
      whole = false;
      continue;
    }
    arch::SledState before = arch::state_of(sled);
    if (before != arch::SledState::Off && before != arch::SledState::On) {
      done(m, *s, before);
      continue;
    }
    if (!prepare(m, *s, &sled))
      continue;
    if (sys::write_at(static_cast<int>(fd), &byte, 1, at) != 1) {
      whole = false;
      break;
    }
    done(m, *s, arch::state_of(sled));
  }
  sys::close_file(static_cast<int>(fd));
  *result = killed ? PatchResult::Dead : PatchResult::Ok;
  return whole;
}

// Nothing tells when an object with foreign sleds goes: it is kept from going meanwhile.
PatchResult Patcher::apply(Module &m, Site *begin, Site *end, UserChange change) {
  struct Call {
    Patcher *self;
    Module *m;
    Range all;
    PatchResult result;
  } call{this, &m, {begin, end, 0, change}, killed ? PatchResult::Dead : PatchResult::Ok};
  auto work = [](void *p) {
    auto *c = static_cast<Call *>(p);
    c->result = c->self->apply_held(*c->m, c->all);
  };
  if (!killed && !m.foreign.records)
    work(&call);
  else if (!killed)
    foreign::hold(m.foreign.records, work, &call);
  if (call.result != PatchResult::Ok || m.foreign.records)
    for (Site *s = begin; s < end; ++s)
      change.make(*s);
  return call.result;
}

PatchResult Patcher::apply_held(Module &m, const Range &all) {
  Range r = {nullptr, nullptr, 0, all.users};
  for (Site *s = all.begin; s < all.end && r.changes <= kFew; ++s) { // the rest, if there are many, is seen when it is written
    r.users.make(*s);
    if (must_change(*s)) {
      r.begin = r.begin ? r.begin : s;
      r.end = s + 1;
      ++r.changes;
    } else if (!r.begin)
      keep(*s);
  }
  bool few = r.changes <= kFew;
  if (!few)
    r.end = all.end;
  else
    for (Site *s = r.end; s && s < all.end; ++s)
      keep(*s);
  if (!r.changes)
    return PatchResult::Ok;
  PatchResult result = PatchResult::Ok;
  bool done_all = few ? write_few(m, r, &result) || write_many(m, r) : write_many(m, r) || write_few(m, r, &result);
  arch::discard_translations(sled_of(r.begin[0]), sled_of(r.end[-1]) + arch::layout.toggle_size - sled_of(r.begin[0]));
  sys::sync_cores();
  if (killed)
    return PatchResult::Dead;
  return done_all ? PatchResult::Ok : PatchResult::Forbidden;
}

void Patcher::forget(Module &m) {
  for (uint32_t i = 0; i < m.site_count; ++i)
    on -= (m.sites[i].state & SiteOn) != 0;
}

} // namespace luge
