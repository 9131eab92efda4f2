// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The state of the process, with one owner: who uses which site. Everything
// that changes it holds `lock`; trampolines and dispatch read sites and ops
// without it.
#pragma once

#include <pthread.h>

#include "luge/ftrace.h"
#include "runtime/core/patcher.h"
#include "runtime/core/sites.h"

namespace luge {

// Which functions a user sees: globs (';' or newline separated), single addresses.
struct Filter {
  char *globs = nullptr;
  uintptr_t *addresses = nullptr;
  size_t address_count = 0;

  bool empty() const { return !globs && !address_count; }
  void clear();
  bool add_globs(std::string_view more);
  bool add_address(uintptr_t address);
  void remove_address(uintptr_t address);
  bool has_address(uintptr_t address) const;
};

// What the runtime keeps for an ftrace_ops (ftrace_ops::luge_internal), or for the built-in tracer.
struct User {
  ftrace_ops *ops = nullptr; // null: the built-in tracer
  Users bit = 0;             // 0: not registered
  Filter filter, notrace, roots; // roots: -g
};

// What function_graph leaves out while it records; all zero: nothing, the assembler trampolines do it all.
struct GraphLimits {
  uint64_t depth = 0;     // frames below the outermost (or -g) function; 0: any
  uint64_t threshold = 0; // time stamp ticks; shorter calls are taken back
  bool rooted = false;    // only below the functions of -g
  bool any() const { return depth || threshold || rooted; }
};

class Runtime {
public:
  void start(); // from the first module: environment, session, built-in tracer
  void module_loaded(const luge_site *begin, const luge_site *end, const void *names, const void *names_end);
  void module_unloaded(const luge_site *begin, const luge_site *end);
  int register_user(User &u, Users bit);
  void unregister_user(User &u);
  // Recomputes a registered user's sites everywhere. 0, -EPERM.
  int update(User &u, size_t *matched);
  size_t count_matches(User &u);
  int set_tracer(const char *tracer, const char *filter, const char *notrace);
  size_t site_count();
  void before_fork();
  void after_fork(bool child);
  void process_forked(); // in the child, from its first event or its fork handler; without the lock

  Modules modules;
  Patcher patcher;
  User tracer;
  GraphLimits limits;
  User *users[kMaxOps] = {};
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

private:
  int update_module(Module &m, User &u, size_t *matched);
  void publish(Module &m);
  bool started = false;
};
extern Runtime rt;

class Locked {
public:
  Locked() { pthread_mutex_lock(&rt.lock); }
  ~Locked() { pthread_mutex_unlock(&rt.lock); }
  Locked(const Locked &) = delete;
};

// What the slot of a switched-on site points to, without user callbacks; null: only those.
void *tracer_trampoline(const luge_site &record, Users users);

} // namespace luge
