// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The public API of what is known of functions: dyn_ftrace, counts, addresses.
#include <errno.h>

#include "runtime/core/ops.h"
#include "runtime/core/thread.h"

namespace luge {
namespace {

size_t users_of(const Site &s) {
  size_t n = static_cast<size_t>(__builtin_popcountll(s.users & ~kMoreUsers));
  for (size_t i = 0; s.users & kMoreUsers && rt.more && i < rt.more->count; ++i)
    n += rt.more->users[i]->wanted && rt.more->users[i]->wanted->has(s.function);
  return n;
}

const User *direct_of(const Site &s) {
  for (Users left = s.users & kIndexedUsers; left; left &= left - 1)
    if (const User *u = rt.users[__builtin_ctzll(left)]; u && u->kind == UserKind::Direct)
      return u;
  return nullptr;
}

dyn_ftrace record_of(const Site &s) {
  unsigned long flags = users_of(s) & FTRACE_REF_MAX;
  const User *direct = direct_of(s);
  bool ip_changes = s.users & rt.changers & ~(direct ? direct->bit : 0);
  bool one = s.state & SiteOn && s.entry != static_cast<uint8_t>(Entry::Many) &&
             s.entry != static_cast<uint8_t>(Entry::ManySpecial);
  flags |= (s.state & SiteOn ? FTRACE_FL_ENABLED : 0) | (s.users & rt.with_regs ? FTRACE_FL_REGS : 0) |
           (one ? FTRACE_FL_TRAMP : 0) | (ip_changes ? FTRACE_FL_IPMODIFY : 0) |
           (s.state & SiteRefused ? FTRACE_FL_DISABLED : 0) | (direct ? FTRACE_FL_DIRECT : 0) |
           (s.state & SiteTouched ? FTRACE_FL_TOUCHED : 0) | (s.state & SiteModified ? FTRACE_FL_MODIFIED : 0);
  return {s.function, flags};
}

Site *find(unsigned long ip) {
  rt.build_all();
  Module *m;
  return rt.modules.by_function(ip, &m);
}

} // namespace
} // namespace luge

using namespace luge;

LUGE_API int luge_ftrace_rec(unsigned long ip, dyn_ftrace *rec) {
  if (inside_callback())
    return -EDEADLK;
  Locked locked;
  const Site *s = find(ip);
  if (!s)
    return -ENOENT;
  *rec = record_of(*s);
  return 0;
}

LUGE_API int luge_for_each_rec(int (*visit)(const dyn_ftrace *rec, void *data), void *data) {
  if (inside_callback())
    return -EDEADLK;
  Locked locked;
  rt.build_all();
  for (Module *m = rt.modules.first(); m; m = m->next)
    for (uint32_t i = 0; m->sites && i < m->site_count; ++i) {
      dyn_ftrace rec = record_of(m->sites[i]);
      if (int result = visit(&rec, data))
        return result;
    }
  return 0;
}

LUGE_API unsigned long ftrace_location(unsigned long ip) {
  if (inside_callback())
    return 0;
  Locked locked;
  rt.build_all();
  for (Module *m = rt.modules.first(); m; m = m->next)
    if (const Site *s = Modules::below(*m, ip); s && ip < sled_of(*s) + arch::layout.toggle_size)
      return s->function;
  return 0;
}

LUGE_API unsigned long ftrace_find_rec_direct(unsigned long ip) {
  if (inside_callback())
    return 0;
  Locked locked;
  const Site *s = find(ip);
  const User *direct = s ? direct_of(*s) : nullptr;
  return direct ? reinterpret_cast<unsigned long>(direct->direct) : 0;
}

LUGE_API unsigned long luge_original(unsigned long ip) {
  if (inside_callback())
    return 0;
  Locked locked;
  const Site *s = find(ip);
  return s ? reinterpret_cast<unsigned long>(s->body) : 0;
}

LUGE_API size_t luge_site_count(void) {
  if (inside_callback())
    return 0;
  Locked locked;
  return rt.site_count();
}

LUGE_API size_t luge_sites_on(void) {
  if (inside_callback())
    return 0;
  Locked locked;
  return rt.patcher.sites_on();
}

LUGE_API unsigned long luge_hits(unsigned long ip) {
  if (inside_callback())
    return 0;
  Locked locked;
  const Site *s = find(ip);
  return s ? sum_counts(s->index) : 0;
}

LUGE_API void luge_clear_hits(void) {
  if (inside_callback())
    return;
  Locked locked;
  clear_counts(0, rt.modules.indices());
}
