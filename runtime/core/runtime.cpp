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

Runtime rt;

namespace {

constexpr uint64_t kFlightRecorderBytes = 1 << 20; // per thread, LUGE_BUFFER
constexpr uint32_t kFlightRecorderThreads = 64;

// One function against one user's filters; names are looked up only where a glob needs them.
class Matcher {
public:
  Matcher(const Module &m, const User &u) : user(u) {
    if (needs_names(u.filter.globs) || needs_names(u.notrace.globs) || needs_names(u.roots.globs))
      names = new (storage) ModuleNames(m);
  }
  ~Matcher() {
    if (names)
      names->~ModuleNames();
  }

  bool wanted(uintptr_t function) const {
    bool in = user.filter.empty() || matches(user.filter, function);
    return in && !(!user.notrace.empty() && matches(user.notrace, function));
  }
  bool root(uintptr_t function) const { return !user.roots.empty() && matches(user.roots, function); }

private:
  static bool needs_names(const char *globs) { return globs && strcmp(globs, "*") != 0; }
  bool matches(const Filter &f, uintptr_t function) const {
    if (f.has_address(function))
      return true;
    if (!f.globs)
      return false;
    if (!needs_names(f.globs))
      return true;
    const char *name = names->find(function);
    return name && any_matches(f.globs, name);
  }

  const User &user;
  alignas(ModuleNames) unsigned char storage[sizeof(ModuleNames)];
  ModuleNames *names = nullptr;
};

void *choose_trampoline(const Module &m, const Site &s) {
  if (s.users & ~(kFunctionUser | kGraphUser))
    return reinterpret_cast<void *>(arch::luge_ops_entry);
  return tracer_trampoline(record_of(m, s), s.users);
}

} // namespace

void *tracer_trampoline(const luge_site &r, Users users) {
  if (users & kGraphUser) {
    if (rt.limits.any())
      return reinterpret_cast<void *>(arch::luge_graph_filtered_entry);
    if (luge_site_has_exit(r.flags, r.stack_args)) {
      if (!r.stack_args)
        return reinterpret_cast<void *>(arch::luge_graph_entry);
      return reinterpret_cast<char *>(arch::luge_graph_args) + arch::kArgsStep * (r.stack_args - 1);
    }
    return reinterpret_cast<void *>(arch::luge_function_entry);
  }
  return users & kFunctionUser ? reinterpret_cast<void *>(arch::luge_function_entry) : nullptr;
}

void Filter::clear() {
  free(globs);
  free(addresses);
  *this = Filter();
}

bool Filter::add_globs(std::string_view more) {
  size_t old = globs ? strlen(globs) : 0;
  auto *p = static_cast<char *>(realloc(globs, old + more.size() + 2));
  if (!p)
    return false;
  globs = p;
  if (old)
    globs[old++] = '\n';
  memcpy(globs + old, more.data(), more.size());
  globs[old + more.size()] = 0;
  return true;
}

bool Filter::add_address(uintptr_t address) {
  if (has_address(address))
    return true;
  auto *p = static_cast<uintptr_t *>(realloc(addresses, (address_count + 1) * sizeof *addresses));
  if (!p)
    return false;
  addresses = p;
  addresses[address_count++] = address;
  return true;
}

void Filter::remove_address(uintptr_t address) {
  for (size_t i = 0; i < address_count; ++i)
    if (addresses[i] == address)
      addresses[i--] = addresses[--address_count];
}

bool Filter::has_address(uintptr_t address) const {
  for (size_t i = 0; i < address_count; ++i)
    if (addresses[i] == address)
      return true;
  return false;
}

// ---- Modules

void Runtime::publish(Module &m) {
  ModuleEntry *e = session_module();
  m.entry = e;
  if (!e)
    return;
  e->pid = static_cast<uint32_t>(sys::process_id());
  e->bias = m.bias;
  e->sites = reinterpret_cast<uint64_t>(m.records);
  e->sites_end = reinterpret_cast<uint64_t>(m.records_end);
  e->loaded_tsc = arch::read_clock();
  e->unloaded_tsc = 0;
  e->build_id_size = m.build_id_size;
  memcpy(e->build_id, m.build_id, sizeof e->build_id);
  strncpy(e->path, m.path, sizeof e->path - 1);
  e->path[sizeof e->path - 1] = 0;
  __atomic_store_n(&e->state, ModuleLoaded, __ATOMIC_RELEASE);
}

void Runtime::module_loaded(const luge_site *begin, const luge_site *end, const void *names,
                            const void *names_end) {
  if (!started) {
    started = true;
    start();
  }
  Module *m = modules.add(begin, end, names, names_end);
  if (!m)
    return;
  if (session.attached() && modules.build(*m))
    publish(*m);
  if (tracer.bit)
    update_module(*m, tracer, nullptr);
  for (User *u : users)
    if (u && u->bit)
      update_module(*m, *u, nullptr);
}

void Runtime::module_unloaded(const luge_site *begin, const luge_site *end) {
  for (Module *m = modules.first(); m; m = m->next)
    if (m->records == begin && m->records_end == end) {
      if (m->entry) {
        m->entry->unloaded_tsc = arch::read_clock();
        __atomic_store_n(&m->entry->state, ModuleUnloaded, __ATOMIC_RELEASE);
      }
      modules.remove(begin, end);
      patcher.forget(*m);
      return;
    }
}

// ---- Users

int Runtime::update_module(Module &m, User &u, size_t *matched) {
  if (!modules.build(m))
    return 0;
  Matcher matcher(m, u);
  uint32_t on = 0;
  for (uint32_t i = 0; i < m.site_count; ++i) {
    Site &s = m.sites[i];
    uintptr_t function = function_of(record_of(m, s));
    bool wanted = u.bit && matcher.wanted(function);
    if (u.bit & kGraphUser && matcher.root(function))
      s.flags |= SiteGraphRoot;
    Users all = (s.users & ~u.bit) | (wanted ? u.bit : 0);
    __atomic_store_n(&s.users, all, __ATOMIC_RELEASE);
    on += wanted;
  }
  if (matched)
    *matched += on;
  PatchResult r = patcher.apply(m, choose_trampoline);
  if (&u == &tracer && m.entry)
    m.entry->sites_on = on;
  if (r == PatchResult::Forbidden)
    sys::report() << m.path << ": this process forbids changing its code (seccomp, MemoryDenyWriteExecute or "
                     "proc_mem.force_override); 0 of " << static_cast<uint64_t>(on) << " sites switched";
  return r == PatchResult::Ok ? 0 : -EPERM;
}

int Runtime::update(User &u, size_t *matched) {
  int result = 0;
  for (Module *m = modules.first(); m; m = m->next)
    if (int e = update_module(*m, u, matched))
      result = e;
  return result;
}

size_t Runtime::count_matches(User &u) {
  size_t n = 0;
  for (Module *m = modules.first(); m; m = m->next) {
    if (!modules.build(*m))
      continue;
    Matcher matcher(*m, u);
    for (uint32_t i = 0; i < m->site_count; ++i)
      n += matcher.wanted(function_of(record_of(*m, m->sites[i])));
  }
  return n;
}

int Runtime::register_user(User &u, Users bit) {
  u.bit = bit;
  int e = update(u, nullptr);
  if (e)
    unregister_user(u);
  return e;
}

void Runtime::unregister_user(User &u) {
  Users bit = u.bit;
  for (Module *m = modules.first(); m; m = m->next) {
    for (uint32_t i = 0; i < m->site_count; ++i)
      __atomic_fetch_and(&m->sites[i].users, ~bit, __ATOMIC_RELEASE);
    patcher.apply(*m, choose_trampoline);
  }
  u.bit = 0;
}

size_t Runtime::site_count() {
  size_t n = 0;
  for (Module *m = modules.first(); m; m = m->next)
    if (modules.build(*m))
      n += m->site_count;
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
  if (tracer.bit)
    unregister_user(tracer);
  tracer.filter.clear();
  tracer.notrace.clear();
  if ((filter && *filter && !tracer.filter.add_globs(filter)) ||
      (notrace && *notrace && !tracer.notrace.add_globs(notrace)))
    return -ENOMEM;
  if (session.attached())
    session.header->tracer = kind;
  if (!bit)
    return 0;
  tracer.bit = bit;
  size_t matched = 0;
  int e = update(tracer, &matched);
  if (e)
    unregister_user(tracer);
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
  // Programs that this one starts record into the same file.
  char *absolute = realpath(file, nullptr);
  setenv("LUGE_SESSION", absolute ? absolute : file, 1);
  free(absolute);
  return true;
}

void number_from(const char *variable, uint64_t *out) {
  const char *text = sys::environment(variable);
  if (text && !sys::parse_number(text, out))
    sys::report() << variable << "=" << text << ": not a number; ignored";
}

} // namespace

void Runtime::start() {
  thread_init();
  sys::prepare_barriers();
  pthread_atfork([] { rt.before_fork(); }, [] { rt.after_fork(false); }, [] { rt.after_fork(true); });
  bool recording = open_session();
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
    tracer.roots.add_globs(roots);
  }
  if (set_tracer(name, sys::environment("LUGE_FILTER"), sys::environment("LUGE_NOTRACE")) == -EINVAL)
    sys::report() << "LUGE_TRACER=" << name << ": no such tracer; have function, function_graph, nop";
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
