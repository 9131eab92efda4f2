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

#include "arch/current/patch.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/text.h"

namespace luge {

namespace {

constexpr uint32_t kFew = 256; // above this one change of protection is cheaper

bool wants_on(const Site &s) { return s.users != 0; }
bool must_change(const Site &s) {
  return !(s.flags & SiteRefused) && wants_on(s) != ((s.flags & SiteOn) != 0);
}

bool sled_at(const Module &m, const Site &s, arch::Sled *out) {
  const luge_site &r = record_of(m, s);
  return arch::describe_sled(sled_of(r), stub_of(r), flavour_of(r), out);
}

void refuse(Module &m, Site &s, const char *why) {
  s.flags |= SiteRefused;
  (sys::report() << "site of the function at ").hex(function_of(record_of(m, s))) << " in " << m.path << ": "
                << why << ": left alone";
}

} // namespace

void Patcher::kill(const Module &m, const Site &s) {
  killed = true;
  (sys::report() << "site of the function at ").hex(function_of(record_of(m, s))) << " in " << m.path
                << " did not take the change: tracing is off for good, the program goes on";
}

// Fills the slot of a site that is to be on. False where the sled must not be written.
bool Patcher::prepare(Module &m, Site &s, arch::Sled *sled, Choose choose) {
  const luge_site &r = record_of(m, s);
  if (!sled_at(m, s, sled) || !arch::atomic(*sled)) {
    refuse(m, s, "its sled cannot be switched in one store");
    return false;
  }
  if (!wants_on(s))
    return true; // the slot stays: a thread may stand in the stub
  luge_slot *slot = slot_of(r);
  slot->body = reinterpret_cast<void *>(stub_of(r) + arch::layout.stub_body_entry);
  __atomic_store_n(&slot->trampoline, choose(m, s), __ATOMIC_RELEASE);
  return true;
}

void Patcher::done(Module &m, Site &s, int state) {
  auto found = static_cast<arch::SledState>(state);
  if (found == arch::SledState::Breakpoint)
    return refuse(m, s, "holds 0xcc, not a sled state (a debugger?)");
  if (found == arch::SledState::Foreign)
    return s.flags & SiteTouched ? kill(m, s) : refuse(m, s, "its bytes are not a sled's (patched by something else?)");
  if ((found == arch::SledState::On) != wants_on(s))
    return kill(m, s);
  s.flags ^= SiteOn;
  s.flags |= SiteTouched;
  on += wants_on(s) ? 1 : static_cast<size_t>(-1);
}

bool Patcher::write_many(Module &m, Choose choose) {
  auto *text = reinterpret_cast<void *>(m.text_begin);
  size_t size = m.text_end - m.text_begin;
  if (sys::protect(text, size, PROT_READ | PROT_WRITE | PROT_EXEC) < 0)
    return false;
  for (uint32_t i = 0; i < m.site_count && !killed; ++i) {
    Site &s = m.sites[i];
    arch::Sled sled;
    if (must_change(s) && prepare(m, s, &sled, choose))
      done(m, s, static_cast<int>(arch::switch_in_place(sled, wants_on(s))));
  }
  sys::protect(text, size, m.text_protection);
  return true;
}

// False where a site needs more than a one-byte write, or the file cannot be written: nothing
// that cannot be repeated has happened then.
bool Patcher::write_few(Module &m, Choose choose, PatchResult *result) {
  long fd = sys::open_file("/proc/self/mem", O_RDWR);
  if (fd < 0)
    return false;
  bool whole = true;
  for (uint32_t i = 0; i < m.site_count && !killed; ++i) {
    Site &s = m.sites[i];
    arch::Sled sled;
    uintptr_t at;
    uint8_t byte;
    if (!must_change(s))
      continue;
    if (!sled_at(m, s, &sled) || !arch::switch_bytes(sled, wants_on(s), &at, &byte)) {
      whole = false;
      continue;
    }
    arch::SledState before = arch::state_of(sled);
    if (before != arch::SledState::Off && before != arch::SledState::On) {
      done(m, s, static_cast<int>(before));
      continue;
    }
    if (!prepare(m, s, &sled, choose))
      continue;
    if (sys::write_at(static_cast<int>(fd), &byte, 1, at) != 1) {
      whole = false;
      break;
    }
    done(m, s, static_cast<int>(arch::state_of(sled)));
  }
  sys::close_file(static_cast<int>(fd));
  *result = killed ? PatchResult::Dead : PatchResult::Ok;
  return whole;
}

PatchResult Patcher::apply(Module &m, Choose choose) {
  if (killed)
    return PatchResult::Dead;
  uint32_t changes = 0;
  for (uint32_t i = 0; i < m.site_count; ++i) {
    Site &s = m.sites[i];
    changes += must_change(s);
    if ((s.flags & SiteOn) && wants_on(s)) // stays on, perhaps for other users
      __atomic_store_n(&slot_of(record_of(m, s))->trampoline, choose(m, s), __ATOMIC_RELEASE);
  }
  if (!changes)
    return PatchResult::Ok;
  PatchResult result = PatchResult::Ok;
  bool few = changes <= kFew;
  bool done_all = few ? write_few(m, choose, &result) || write_many(m, choose)
                      : write_many(m, choose) || write_few(m, choose, &result);
  sys::sync_cores();
  if (killed)
    return PatchResult::Dead;
  return done_all ? PatchResult::Ok : PatchResult::Forbidden;
}

void Patcher::forget(Module &m) {
  for (uint32_t i = 0; i < m.site_count; ++i)
    on -= (m.sites[i].flags & SiteOn) != 0;
}

} // namespace luge
