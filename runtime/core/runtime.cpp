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
#include "runtime/core/thread.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/look.h"
#include "runtime/sys/text.h"

namespace luge {

Runtime rt;

namespace {

constexpr uint64_t kFlightRecorderBytes = 1 << 20; // per thread, LUGE_BUFFER
constexpr uint32_t kFlightRecorderThreads = 64;

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
bool Runtime::module_unloaded(const luge_site *begin, const luge_site *end) {
  Module *m = exiting ? nullptr : modules.remove(begin, end);
  if (!m)
    return false;
  patcher.apply(*m, {.remove = ~Users{0}}); // destructors may still call its functions
  patcher.forget(*m);
  clear_counts(m->first_index, m->first_index + m->site_count);
  for (size_t i = 0; more && i < more->count; ++i)
    forget_functions(*more->users[i], *m);
  if (m->entry) {
    m->entry->unloaded_tsc = arch::read_clock();
    __atomic_store_n(&m->entry->state, ModuleUnloaded, __ATOMIC_RELEASE);
  }
  retire(Retired::Object, m); // a callback may be looking through all objects
  return true;
}

// What lock-free readers may still look at, until no callback runs. Not by waiting: the loader's lock is held
// where objects come and go, and a callback may want that.
void Runtime::retire(Retired::Kind kind, void *what) {
  reap();
  auto *r = static_cast<Retired *>(malloc(sizeof(Retired)));
  if (!r)
    return; // then it stays
  *r = {kind, what, retired};
  retired = r;
  reap();
}

void Runtime::reap() {
  if (!retired || !callbacks_quiet())
    return;
  while (Retired *r = retired) {
    retired = r->next;
    if (r->kind == Retired::Object)
      modules.release(static_cast<Module *>(r->what));
    else if (r->kind == Retired::Set) {
      static_cast<AddressSet *>(r->what)->clear();
      free(r->what);
    } else
      free(r->what);
    free(r);
  }
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
  arch::luge_vector_class = arch::vector_class(); // with libluge.a constructors would run before its initialiser
  atexit([] { rt.exiting = true; });
  thread_init();
  sys::note_filters();
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

// A callback may fork, while the thread that has the lock waits for that very callback to end.
static __thread bool fork_has_lock __attribute__((tls_model("initial-exec")));

void Runtime::before_fork() {
  const Thread *t = luge_thread;
  if (!t || t->in_callback != 1) {
    pthread_mutex_lock(&lock);
    fork_has_lock = true;
    return;
  }
  while (!(fork_has_lock = pthread_mutex_trylock(&lock) == 0) && !waiting_for_callbacks())
    sys::sleep_ns(50'000);
}

void Runtime::after_fork(bool child) {
  if (child)
    thread_after_fork();
  if (fork_has_lock)
    pthread_mutex_unlock(&lock);
  else if (child)
    lock = PTHREAD_MUTEX_INITIALIZER; // its owner is not here
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
