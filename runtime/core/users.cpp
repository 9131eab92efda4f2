// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Users coming, changing and going: who sees which site. A site is switched on while at least one user
// wants it; every change is one batch of the patcher per module.
#include "runtime/core/users.h"

#include <errno.h>
#include <stdlib.h>

#include <new>

#include "arch/current/patch.h"
#include "runtime/core/names.h"
#include "runtime/core/runtime.h"
#include "runtime/core/thread.h"
#include "runtime/sys/text.h"

namespace luge {

User *luge_users[kMaxIndexed + 1];

namespace {

// The functions of one module against one user's filters; names are looked up only where a pattern needs them.
class Matcher {
public:
  Matcher(const Module &m, const Filter &in, const Filter *out, const Filter *roots)
      : module(m), filter(in), notrace(out), root_filter(roots) {
    if (in.needs_names() || (out && out->needs_names()) || (roots && roots->needs_names()))
      names = new (storage) ModuleNames(m);
  }
  Matcher(const Module &m, const User &u) : Matcher(m, u.filter, &u.notrace, &u.roots) {}
  ~Matcher() {
    if (names)
      names->~ModuleNames();
  }

  bool all() const { return (!filter.is_set() || filter.selects_all()) && !(notrace && notrace->is_set()); }
  bool wanted(uintptr_t function, bool *root) const {
    *root = false;
    if (!names)
      return decide(function, nullptr, root);
    FunctionName name(names->find(function));
    return decide(function, &name, root);
  }

private:
  bool decide(uintptr_t function, const FunctionName *name, bool *root) const {
    if (root_filter && root_filter->is_set())
      *root = root_filter->selects(function, module, name);
    return (!filter.is_set() || filter.selects(function, module, name)) &&
           !(notrace && notrace->is_set() && notrace->selects(function, module, name));
  }

  const Module &module;
  const Filter &filter;
  const Filter *notrace, *root_filter;
  alignas(ModuleNames) unsigned char storage[sizeof(ModuleNames)];
  ModuleNames *names = nullptr;
};

void change_state(Site &s, SiteState bit) { s.state = static_cast<uint8_t>(s.state | bit); }

} // namespace

// The site's users with u among them or not. Returns whether u is.
bool Runtime::want(Site &s, User &u, bool wanted) {
  if (u.bit == kMoreUsers) {
    if (wanted)
      wanted = u.next->add(s.function);
    else
      u.next->remove(s.function);
    bool others = false;
    for (size_t i = 0; more && i < more->count && !others; ++i)
      others = more->users[i] != &u && more->users[i]->wanted && more->users[i]->wanted->has(s.function);
    Users all = wanted || others ? s.users | kMoreUsers : s.users & ~kMoreUsers;
    __atomic_store_n(&s.users, all, __ATOMIC_RELEASE);
    return wanted;
  }
  if (wanted && u.bit & changers) {
    if (s.users & changers & ~u.bit)
      wanted = false; // of an object that came later: the first one has it
    else
      change_state(s, SiteModified);
  }
  Users all = wanted ? s.users | u.bit : s.users & ~u.bit;
  if (all != s.users)
    __atomic_store_n(&s.users, all, __ATOMIC_RELEASE);
  return wanted;
}

// What a user without a bit of its own sees: changed in a copy, which then takes the place of what dispatch reads.
bool Runtime::begin_change(User &u) {
  if (u.bit != kMoreUsers)
    return true;
  void *p = calloc(1, sizeof(AddressSet));
  u.next = p ? new (p) AddressSet() : nullptr;
  return u.next && (!u.wanted || u.wanted->copy_to(u.next));
}

void Runtime::end_change(User &u) {
  if (u.bit != kMoreUsers)
    return;
  const AddressSet *old = u.wanted;
  __atomic_store_n(&u.wanted, u.next, __ATOMIC_RELEASE);
  u.next = nullptr;
  if (old)
    retire(Retired::Set, const_cast<AddressSet *>(old));
}

// Of an object that is being closed: another may come to the same addresses.
void Runtime::forget_functions(User &u, const Module &m) {
  if (!u.wanted || !begin_change(u))
    return;
  for (uint32_t i = 0; i < m.site_count; ++i)
    u.next->remove(m.sites[i].function);
  end_change(u);
}

int Runtime::update_module(Module &m, User &u, size_t *matched) {
  if (!modules.build(m))
    return 0;
  if (!begin_change(u))
    return -ENOMEM;
  Matcher matcher(m, u);
  UserChange change;
  uint32_t on = 0;
  if (matcher.all() && !u.roots.is_set()) {
    if (u.bit != kMoreUsers && !(u.bit & changers)) {
      change.add = u.bit;
      on = m.site_count;
    } else
      for (Site *s = m.sites; s < m.sites + m.site_count; ++s)
        on += want(*s, u, true);
  } else
    for (Site *s = m.sites; s < m.sites + m.site_count; ++s) {
      bool root, wanted = matcher.wanted(s->function, &root);
      if (root)
        change_state(*s, SiteGraphRoot);
      on += want(*s, u, wanted);
    }
  end_change(u);
  if (matched)
    *matched += on;
  PatchResult r = patcher.apply(m, change);
  if (&u == &tracer && m.entry)
    m.entry->sites_on = on;
  if (r == PatchResult::Forbidden)
    sys::report() << m.path << ": this process forbids changing its code (seccomp, MemoryDenyWriteExecute or "
                     "proc_mem.force_override); 0 of " << static_cast<uint64_t>(on) << " sites switched";
  return r == PatchResult::Ok ? 0 : -EPERM;
}

bool Runtime::conflicts(User &u) {
  for (Module *m = modules.first(); m; m = m->next) {
    if (!modules.build(*m))
      continue;
    Matcher matcher(*m, u);
    bool root;
    for (Site *s = m->sites; s < m->sites + m->site_count; ++s)
      if ((s->users & changers & ~u.bit) && matcher.wanted(s->function, &root))
        return true;
  }
  return false;
}

int Runtime::update(User &u, size_t *matched) {
  look_for_foreign();
  if (u.bit & changers && conflicts(u))
    return -EBUSY;
  int result = 0;
  for (Module *m = modules.first(); m; m = m->next)
    if (int e = update_module(*m, u, matched))
      result = e;
  return result;
}

int Runtime::update_one(User &u, uintptr_t function) {
  Module *m;
  Site *s = modules.by_function(function, &m);
  if (!s)
    return 0;
  Matcher matcher(*m, u);
  bool root, wanted = matcher.wanted(function, &root);
  if (wanted && u.bit & changers && s->users & changers & ~u.bit)
    return -EBUSY;
  if (!begin_change(u))
    return -ENOMEM;
  want(*s, u, wanted);
  end_change(u);
  return patcher.apply(*m, s, s + 1) == PatchResult::Ok ? 0 : -EPERM;
}

void Runtime::retarget(User &u) {
  for (Module *m = modules.first(); m; m = m->next)
    for (uint32_t i = 0; m->sites && i < m->site_count; ++i)
      if (m->sites[i].users & u.bit && m->sites[i].state & SiteOn)
        patcher.set_slot(m->sites[i]);
}

size_t Runtime::count_matches(const Filter &f) {
  look_for_foreign();
  size_t n = 0;
  for (Module *m = modules.first(); m; m = m->next) {
    if (!modules.build(*m))
      continue;
    Matcher matcher(*m, f, nullptr, nullptr);
    bool root;
    for (uint32_t i = 0; i < m->site_count; ++i)
      n += matcher.wanted(m->sites[i].function, &root);
  }
  return n;
}

// The list of the others with one taken out or put in; the old one goes when nobody reads it.
bool Runtime::replace_more(const User *without, User *with) {
  size_t n = more ? more->count : 0;
  auto *fresh = static_cast<MoreUsers *>(malloc(sizeof(MoreUsers) + (n + 1) * sizeof(User *)));
  if (!fresh)
    return false;
  fresh->count = 0;
  for (size_t i = 0; i < n; ++i)
    if (more->users[i] != without)
      fresh->users[fresh->count++] = more->users[i];
  if (with)
    fresh->users[fresh->count++] = with;
  MoreUsers *old = more;
  __atomic_store_n(&more, fresh, __ATOMIC_RELEASE);
  if (old)
    retire(Retired::Memory, old);
  return true;
}

int Runtime::publish_user(User &u) {
  u.epoch = ++epoch;
  bool changes = u.kind == UserKind::Direct || (u.ops->flags & FTRACE_OPS_FL_IPMODIFY);
  bool all_registers = u.ops->flags & (FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED);
  for (unsigned i = 0; i < kMaxIndexed; ++i)
    if (!users[i]) {
      u.bit = Users{1} << i;
      changers |= changes ? u.bit : 0;
      if (changes && conflicts(u)) {
        changers &= ~u.bit;
        u.bit = 0;
        return -EBUSY;
      }
      with_regs |= all_registers ? u.bit : 0;
      if (u.graph)
        u.graph->idx = static_cast<int>(i);
      __atomic_store_n(&users[i], &u, __ATOMIC_RELEASE);
      set_data_room();
      return 0;
    }
  if (u.kind != UserKind::Callback || changes)
    return -ENOSPC;
  u.bit = kMoreUsers;
  if (replace_more(nullptr, &u))
    return 0;
  u.bit = 0;
  return -ENOMEM;
}

// Dispatch does not find it any more; when this returns, nothing of it runs.
void Runtime::withdraw(User &u) {
  if (u.bit != kMoreUsers) {
    __atomic_store_n(&users[__builtin_ctzll(u.bit)], nullptr, __ATOMIC_RELEASE);
    wait_for_callbacks();
  } else {
    if (!replace_more(&u, nullptr)) // no memory: in place, then
      for (size_t i = 0; i < more->count; ++i)
        if (more->users[i] == &u)
          __atomic_store_n(&more->users[i], nullptr, __ATOMIC_RELEASE);
    wait_for_callbacks();
  }
}

// Frames reserve so much for the data of graph users; those that are open have what they have.
void Runtime::set_data_room() {
  long room = 0;
  for (const User *u : users)
    if (u && u->kind == UserKind::Graph)
      room += arch::kGraphDataRoom;
  __atomic_store_n(&arch::luge_data_room, room, __ATOMIC_RELEASE);
}

int Runtime::add_user(User &u) {
  look_for_foreign();
  if (int e = publish_user(u))
    return e;
  int e = update(u, nullptr);
  if (e)
    remove_user(u);
  return e;
}

// Sleds are switched off last: a guard that longjmp has left up falls at that thread's next traced call.
void Runtime::remove_user(User &u) {
  if (&u != &tracer)
    withdraw(u);
  bool listed = u.bit == kMoreUsers; // its copy needs no memory: it only loses
  if (listed && !begin_change(u))
    u.next = const_cast<AddressSet *>(u.wanted), u.wanted = nullptr;
  for (Module *m = modules.first(); m; m = m->next) {
    if (!m->sites)
      continue;
    for (Site *s = m->sites; listed && s < m->sites + m->site_count; ++s)
      if (s->users & u.bit)
        want(*s, u, false);
    patcher.apply(*m, {.remove = listed ? 0 : u.bit});
  }
  if (listed) {
    end_change(u);
    const_cast<AddressSet *>(u.wanted)->clear();
    free(const_cast<AddressSet *>(u.wanted));
    u.wanted = nullptr;
  }
  if (&u != &tracer && u.bit != kMoreUsers) {
    changers &= ~u.bit;
    with_regs &= ~u.bit;
    set_data_room();
  }
  u.bit = 0;
}

int Runtime::set_enabled(bool on) {
  if (!on && permanent)
    return -EBUSY;
  patcher.set_enabled(on);
  int result = 0;
  for (Module *m = modules.first(); m; m = m->next)
    if (m->sites && patcher.apply(*m) != PatchResult::Ok)
      result = -EPERM;
  return result;
}

} // namespace luge
