// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The public API (luge/ftrace.h) and the dispatch of callbacks.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <new>

#include "arch/current/regs.h"
#include "luge/ftrace.h"
#include "runtime/core/runtime.h"
#include "runtime/core/thread.h"

#define LUGE_API extern "C" __attribute__((visibility("default")))

namespace luge {
namespace {

User *user_of(ftrace_ops *ops) { return static_cast<User *>(ops->luge_internal); }

User *make_user(ftrace_ops *ops) {
  if (!ops->luge_internal) {
    void *p = calloc(1, sizeof(User));
    if (!p)
      return nullptr;
    ops->luge_internal = new (p) User();
    user_of(ops)->ops = ops;
  }
  return user_of(ops);
}

int free_index() {
  for (unsigned i = 0; i < kMaxOps; ++i)
    if (!rt.users[i])
      return static_cast<int>(i);
  return -ENOSPC;
}

int filter_changed(User *u) {
  if (u->bit)
    return rt.update(*u, nullptr);
  return 0;
}

int set_globs(ftrace_ops *ops, Filter User::*which, const char *buf, int len, int reset) {
  Locked locked;
  User *u = make_user(ops);
  if (!u)
    return -ENOMEM;
  if (reset)
    (u->*which).clear();
  size_t matched = 1;
  if (buf && len > 0) {
    User alone; // what this glob by itself names
    std::string_view globs(buf, static_cast<size_t>(len));
    if (!(u->*which).add_globs(globs) || !alone.filter.add_globs(globs))
      return -ENOMEM;
    matched = rt.count_matches(alone);
    alone.filter.clear();
  }
  int e = filter_changed(u);
  return e ? e : matched ? 0 : -ENOENT;
}

} // namespace

// From luge_ops_entry. Returns where the call goes on: a tracer's trampoline, or the body.
extern "C" void *luge_dispatch(luge_slot *slot, unsigned long parent_ip, ftrace_regs *regs) {
  Module *m;
  Site *s = rt.modules.by_slot(slot, &m);
  if (!s)
    return slot->body;
  const luge_site &record = record_of(*m, *s);
  Thread *t = current_thread();
  // The guard is up before users and ops are read: unregister counts on it.
  bool nested = __atomic_load_n(&t->in_callback, __ATOMIC_RELAXED) != 0;
  __atomic_store_n(&t->in_callback, t->in_callback + 1, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  Users users = __atomic_load_n(&s->users, __ATOMIC_ACQUIRE);
  if (!nested) {
    int saved = errno;
    uintptr_t ip = function_of(record);
    arch::set_instruction_pointer(*regs, ip);
    for (Users left = users & ~(kFunctionUser | kGraphUser); left; left &= left - 1) {
      User *u = __atomic_load_n(&rt.users[__builtin_ctzll(left)], __ATOMIC_ACQUIRE);
      if (u)
        u->ops->func(ip, parent_ip, u->ops, regs);
    }
    errno = saved;
  }
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  if (t->in_callback) // 0 in a child that the callback has forked off
    __atomic_store_n(&t->in_callback, t->in_callback - 1, __ATOMIC_RELEASE);
  void *next = tracer_trampoline(record, users);
  return next ? next : slot->body;
}

} // namespace luge

using namespace luge;

LUGE_API int register_ftrace_function(ftrace_ops *ops) {
  if (!ops || !ops->func)
    return -EINVAL;
  Locked locked;
  User *u = make_user(ops);
  if (!u)
    return -ENOMEM;
  if (u->bit)
    return -EBUSY;
  int i = free_index();
  if (i < 0)
    return i;
  __atomic_store_n(&rt.users[i], u, __ATOMIC_RELEASE);
  int e = rt.register_user(*u, 1ull << i);
  if (e)
    __atomic_store_n(&rt.users[i], nullptr, __ATOMIC_RELEASE);
  else
    ops->flags |= FTRACE_OPS_FL_ENABLED;
  return e;
}

LUGE_API int unregister_ftrace_function(ftrace_ops *ops) {
  if (!ops)
    return -EINVAL;
  Locked locked;
  User *u = user_of(ops);
  if (!u || !u->bit)
    return -ENOENT;
  unsigned i = static_cast<unsigned>(__builtin_ctzll(u->bit));
  rt.unregister_user(*u);
  __atomic_store_n(&rt.users[i], nullptr, __ATOMIC_RELEASE);
  wait_for_callbacks();
  ops->flags &= ~static_cast<unsigned long>(FTRACE_OPS_FL_ENABLED);
  return 0;
}

LUGE_API int ftrace_set_filter(ftrace_ops *ops, const char *buf, int len, int reset) {
  return set_globs(ops, &User::filter, buf, len, reset);
}

LUGE_API int ftrace_set_notrace(ftrace_ops *ops, const char *buf, int len, int reset) {
  return set_globs(ops, &User::notrace, buf, len, reset);
}

LUGE_API int ftrace_set_filter_ip(ftrace_ops *ops, unsigned long ip, int remove, int reset) {
  Locked locked;
  User *u = make_user(ops);
  if (!u)
    return -ENOMEM;
  rt.site_count(); // builds every module's table
  Module *m;
  if (!rt.modules.by_function(ip, &m))
    return -EINVAL;
  if (reset)
    u->filter.clear();
  if (remove)
    u->filter.remove_address(ip);
  else if (!u->filter.add_address(ip))
    return -ENOMEM;
  return filter_changed(u);
}

LUGE_API void ftrace_free_filter(ftrace_ops *ops) {
  Locked locked;
  User *u = user_of(ops);
  if (!u || u->bit)
    return;
  u->filter.clear();
  u->notrace.clear();
  free(u);
  ops->luge_internal = nullptr;
}

LUGE_API unsigned long ftrace_regs_get_argument(ftrace_regs *fregs, unsigned n) {
  return arch::argument(*fregs, n);
}
LUGE_API unsigned long ftrace_regs_get_instruction_pointer(ftrace_regs *fregs) {
  return arch::instruction_pointer(*fregs);
}
LUGE_API unsigned long ftrace_regs_get_stack_pointer(ftrace_regs *fregs) { return arch::stack_pointer(*fregs); }

LUGE_API size_t luge_site_count(void) {
  Locked locked;
  return rt.site_count();
}

LUGE_API size_t luge_sites_on(void) {
  Locked locked;
  return rt.patcher.sites_on();
}

LUGE_API int luge_set_tracer(const char *tracer, const char *filter, const char *notrace) {
  if (!tracer)
    return -EINVAL;
  Locked locked;
  return rt.set_tracer(tracer, filter, notrace);
}
