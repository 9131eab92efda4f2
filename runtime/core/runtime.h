// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The state of the process, with one owner: who uses which site. Everything
// that changes it holds `lock`; trampolines and dispatch read sites and
// published users without it.
#pragma once

#include <pthread.h>

#include "luge/ftrace.h"
#include "runtime/core/patcher.h"
#include "runtime/core/sites.h"
#include "runtime/core/users.h"

namespace luge {

// What function_graph leaves out while it records; all zero: nothing, the assembler trampolines do it all.
struct GraphLimits {
  uint64_t depth = 0;     // frames below the outermost (or -g) function; 0: any
  uint64_t threshold = 0; // time stamp ticks; shorter calls are taken back
  bool rooted = false;    // only below the functions of -g
  bool any() const { return depth || threshold || rooted; }
};

class Runtime {
public:
  void start_once(); // from the first module: environment, session, built-in tracer
  void look_for_foreign(); // before anything that concerns all modules
  void module_loaded(const luge_site *begin, const luge_site *end, const void *names, const void *names_end,
                     const foreign::Sites *foreign = nullptr);
  bool module_unloaded(const luge_site *begin, const luge_site *end); // false: it stays, the process ends

  // Publishes u and switches on what its filters select. 0, -EBUSY, -ENOSPC, -ENOMEM, -EPERM: nothing is left.
  int add_user(User &u);
  // No callback of u runs, or will run, when it returns.
  void remove_user(User &u);
  // After a change of a registered user's filters: its sites everywhere. 0, -EBUSY (nothing was changed), -EPERM.
  int update(User &u, size_t *matched);
  int update_one(User &u, uintptr_t function); // of one function alone
  void retarget(User &u);                      // after a change of u.direct
  size_t count_matches(const Filter &f);
  int set_enabled(bool on);
  int set_tracer(const char *tracer, const char *filter, const char *notrace);
  size_t site_count();
  void build_all();
  void before_fork();
  void after_fork(bool child);
  void process_forked(); // in the child, from its first event or its fork handler; without the lock

  Modules modules;
  Patcher patcher;
  User tracer;
  GraphLimits limits;
  // Read by dispatch.
  User *(&users)[kMaxIndexed + 1] = luge_users;
  MoreUsers *more = nullptr;
  Users changers = 0;   // users that may change where a call goes on: one of them a function
  Users with_regs = 0;  // users that want all registers
  uint32_t epoch = 0;   // of the newest registration
  unsigned permanent = 0;

  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

private:
  void start();
  int publish_user(User &u);
  void withdraw(User &u);
  bool replace_more(const User *without, User *with);
  bool conflicts(User &u);
  int update_module(Module &m, User &u, size_t *matched);
  bool want(Site &s, User &u, bool wanted);
  bool begin_change(User &u);
  void end_change(User &u);
  void forget_functions(User &u, const Module &m);
  struct Retired {
    enum Kind { Object, Set, Memory } kind;
    void *what;
    Retired *next;
  };
  void retire(Retired::Kind kind, void *what);
  void reap();
  Retired *retired = nullptr;
  void publish(Module &m);
  void set_data_room();
  bool started = false, exiting = false;
};
extern Runtime rt;

class Locked {
public:
  Locked() { pthread_mutex_lock(&rt.lock); }
  ~Locked() { pthread_mutex_unlock(&rt.lock); }
  Locked(const Locked &) = delete;
};

// What the slot of a switched-on site holds for its present users, and the address of that.
Entry entry_for(const Site &s);
void *address_of(Entry entry, const Site &s);

} // namespace luge
