// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Modules and users coming and going. A site is switched on while at least one
// user wants it; every change is one batch of the patcher per module.
#include "runtime/core/runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arch/current/cpu.h"
#include "arch/current/patch.h"
#include "runtime/buffer/ring.h"
#include "runtime/core/names.h"
#include "runtime/core/thread.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/text.h"

namespace luge {

User *luge_users[kMaxIndexed + 1];
Runtime rt;

namespace {

constexpr uint64_t kFlightRecorderBytes = 1 << 20; // per thread, LUGE_BUFFER
constexpr uint32_t kFlightRecorderThreads = 64;

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

// ---- Modules

// An object that was closed and is opened again at the same place keeps its entry.
void Runtime::publish(Module &m) {
  auto pid = static_cast<uint32_t>(sys::process_id());
  bool foreign = m.foreign.records; // has new slots each time
  ModuleEntry *e = foreign ? nullptr : session_known_module(pid, reinterpret_cast<uint64_t>(m.records), m.path);
  if (!e)
    e = session_module();
  m.entry = e;
  if (!e)
    return;
  e->pid = pid;
  e->bias = m.bias;
  e->sites = foreign ? m.foreign.entries : reinterpret_cast<uint64_t>(m.records);
  e->sites_end = foreign ? m.foreign.entries_end : reinterpret_cast<uint64_t>(m.records_end);
  e->foreign_slots = reinterpret_cast<uint64_t>(m.foreign.slots);
  e->loaded_tsc = e->loaded_tsc ? e->loaded_tsc : arch::read_clock();
  e->unloaded_tsc = 0;
  e->build_id_size = m.build_id_size;
  memcpy(e->build_id, m.build_id, sizeof e->build_id);
  strncpy(e->path, m.path, sizeof e->path - 1);
  e->path[sizeof e->path - 1] = 0;
  __atomic_store_n(&e->state, ModuleLoaded, __ATOMIC_RELEASE);
}

void Runtime::module_loaded(const luge_site *begin, const luge_site *end, const void *names,
                            const void *names_end, const foreign::Sites *foreign) {
  start_once();
  Module *m = modules.add(begin, end, names, names_end);
  if (!m)
    return;
  if (foreign)
    m->foreign = *foreign;
  if (session.attached() && modules.build(*m))
    publish(*m);
  if (tracer.bit)
    update_module(*m, tracer, nullptr);
  bool wanted = tracer.bit;
  for (User *u : users)
    if (u) {
      update_module(*m, *u, nullptr);
      wanted = true;
    }
  for (size_t i = 0; more && i < more->count; ++i)
    update_module(*m, *more->users[i], nullptr);
  if (wanted && !foreign) // what has come with it
    look_for_foreign();
}

// No thread can be in a function of an object that is being closed, so none holds one of its sites. At
// the end of the process other threads still run: everything stays as it is.
void Runtime::module_unloaded(const luge_site *begin, const luge_site *end) {
  Module *m = exiting ? nullptr : modules.remove(begin, end);
  if (!m)
    return;
  for (uint32_t i = 0; i < m->site_count; ++i)
    m->sites[i].users = 0;
  patcher.apply(*m); // destructors may still call its functions
  patcher.forget(*m);
  wait_for_callbacks(); // one may be looking through all objects
  clear_counts(m->first_index, m->first_index + m->site_count);
  if (m->entry) {
    m->entry->unloaded_tsc = arch::read_clock();
    __atomic_store_n(&m->entry->state, ModuleUnloaded, __ATOMIC_RELEASE);
  }
  modules.release(m);
}

// ---- Users

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
  if (!old)
    return;
  wait_for_callbacks();
  const_cast<AddressSet *>(old)->clear();
  free(const_cast<AddressSet *>(old));
}

int Runtime::update_module(Module &m, User &u, size_t *matched) {
  if (!modules.build(m))
    return 0;
  if (!begin_change(u))
    return -ENOMEM;
  Matcher matcher(m, u);
  uint32_t on = 0;
  if (matcher.all() && !u.roots.is_set()) {
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
  PatchResult r = patcher.apply(m);
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
    wait_for_callbacks();
  free(old);
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
  } else if (!replace_more(&u, nullptr)) { // no memory: in place, then
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
    for (Site *s = m->sites; s < m->sites + m->site_count; ++s)
      if (s->users & u.bit)
        want(*s, u, false);
    patcher.apply(*m);
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

void Runtime::build_all() {
  look_for_foreign();
  for (Module *m = modules.first(); m; m = m->next)
    modules.build(*m);
}

size_t Runtime::site_count() {
  size_t n = 0;
  build_all();
  for (Module *m = modules.first(); m; m = m->next)
    n += m->ids_clash ? 0 : m->site_count;
  return n;
}

int Runtime::set_tracer(const char *name, const char *filter, const char *notrace) {
  Users bit = 0;
  TracerKind kind = TracerKind::Nop;
  if (!strcmp(name, "function")) {
    bit = kFunctionUser;
    kind = TracerKind::Function;
  } else if (!strcmp(name, "function_graph")) {
    bit = kGraphUser;
    kind = TracerKind::FunctionGraph;
  } else if (strcmp(name, "nop"))
    return -EINVAL;
  if (bit && !session.attached())
    return -ENOENT;
  Filter in, out;
  int e = filter && *filter ? in.add_patterns(filter) : 0;
  e = !e && notrace && *notrace ? out.add_patterns(notrace) : e;
  if (tracer.bit && !e)
    remove_user(tracer);
  if (e) {
    in.clear();
    out.clear();
    return e;
  }
  tracer.filter.take(in);
  tracer.notrace.take(out);
  if (session.attached())
    session.header->tracer = kind;
  if (!bit)
    return 0;
  tracer.bit = bit;
  size_t matched = 0;
  e = update(tracer, &matched);
  if (e)
    remove_user(tracer);
  return e ? e : modules.first() && !matched ? -ENOENT : 0;
}

// ---- Life cycle

namespace {

bool open_session() {
  if (const char *path = sys::environment("LUGE_SESSION"))
    return session_attach(path);
  const char *file = sys::environment("LUGE_FILE");
  if (!file)
    return false;
  uint64_t bytes = kFlightRecorderBytes;
  const char *size = sys::environment("LUGE_BUFFER");
  if (size && !sys::parse_number(size, &bytes)) {
    sys::report() << "LUGE_BUFFER=" << size << ": not a number of bytes; using " << kFlightRecorderBytes;
    bytes = kFlightRecorderBytes;
  }
  if (!session_create(file, bytes, kFlightRecorderThreads))
    return false;
  // Programs that this one starts record into the same file; copies go beside it, wherever this one goes.
  char *absolute = realpath(file, nullptr);
  setenv("LUGE_SESSION", absolute ? absolute : file, 1);
  if (absolute && strlen(absolute) < sizeof session.path)
    strcpy(session.path, absolute);
  free(absolute);
  return true;
}

void number_from(const char *variable, uint64_t *out) {
  const char *text = sys::environment(variable);
  if (text && !sys::parse_number(text, out))
    sys::report() << variable << "=" << text << ": not a number; ignored";
}

} // namespace

void function_commands_from_environment(); // tracers/commands.cpp

void Runtime::start_once() {
  if (started)
    return;
  started = true;
  start();
}

void Runtime::start() {
  tracer.kind = UserKind::Tracer;
  atexit([] { rt.exiting = true; });
  thread_init();
  sys::prepare_barriers();
  pthread_atfork([] { rt.before_fork(); }, [] { rt.after_fork(false); }, [] { rt.after_fork(true); });
  bool recording = open_session();
  function_commands_from_environment();
  const char *name = sys::environment("LUGE_TRACER");
  if (!name || !recording) {
    if (name && !sys::environment("LUGE_SESSION") && !sys::environment("LUGE_FILE"))
      sys::report() << "LUGE_TRACER=" << name << ": nowhere to record: set LUGE_FILE, or use luge record";
    return;
  }
  number_from("LUGE_DEPTH", &limits.depth);
  number_from("LUGE_THRESHOLD", &limits.threshold);
  if (const char *roots = sys::environment("LUGE_GRAPH")) {
    limits.rooted = true;
    if (tracer.roots.add_patterns(roots))
      sys::report() << "LUGE_GRAPH=" << roots << ": not a pattern; nothing is traced";
  }
  if (set_tracer(name, sys::environment("LUGE_FILTER"), sys::environment("LUGE_NOTRACE")) == -EINVAL)
    sys::report() << "LUGE_TRACER=" << name << ": no such tracer (there are function, function_graph, nop), or "
                     "LUGE_FILTER, LUGE_NOTRACE is not a pattern";
}

void Runtime::before_fork() { pthread_mutex_lock(&lock); }

void Runtime::after_fork(bool child) {
  if (child)
    thread_after_fork();
  pthread_mutex_unlock(&lock);
}

void Runtime::process_forked() {
  sys::prepare_barriers();
  for (Module *m = modules.first(); m; m = m->next)
    if (m->entry)
      publish(*m);
}

} // namespace luge

// Called by each link unit's constructor and destructor (sled/record.h).
extern "C" __attribute__((visibility("default"))) void
luge_module_register(const luge_site *sites, const luge_site *sites_end, const void *names,
                     const void *names_end, int abi_version) {
  if (abi_version != LUGE_ABI_VERSION) {
    luge::sys::report() << "an object was built by a plugin of record version " << abi_version
                        << ", this runtime reads " << LUGE_ABI_VERSION << ": not traced; rebuild it";
    return;
  }
  if (sites == sites_end)
    return;
  luge::Locked locked;
  luge::rt.module_loaded(sites, sites_end, names, names_end);
}

extern "C" __attribute__((visibility("default"))) void
luge_module_unregister(const luge_site *sites, const luge_site *sites_end) {
  luge::Locked locked;
  luge::rt.module_unloaded(sites, sites_end);
}
