// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The public API of luge/ftrace.h: ops, filters, direct calls, registers. fgraph and fprobe are in
// graph.cpp, what is known of functions in records.cpp.
#include "runtime/core/ops.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <new>

#include "arch/current/regs.h"
#include "runtime/core/thread.h"

namespace luge {

User *user_of(ftrace_ops *ops) { return static_cast<User *>(ops->luge_internal); }

User *make_user(ftrace_ops *ops) {
  if (!ops->luge_internal) {
    void *p = calloc(1, sizeof(User));
    if (!p)
      return nullptr;
    ops->luge_internal = new (p) User();
    user_of(ops)->ops = ops;
    ops->flags |= FTRACE_OPS_FL_INITIALIZED;
  }
  return user_of(ops);
}

bool inside_callback() {
  Thread *t = luge_thread;
  if (!t || t->in_callback != 1)
    return false;
  if (!has_left_guard(t, reinterpret_cast<uintptr_t>(__builtin_frame_address(0))))
    return true;
  leave_guard(t); // longjmp has left the callback
  return false;
}

// A trampoline that was on its way for another user must not call this one with less than it needs.
void set_simple_callback(User &u) {
  constexpr unsigned long kMore = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED |
                                  FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_STUB;
  bool simple = u.kind == UserKind::Callback && !(u.ops->flags & kMore) && !u.tids;
  __atomic_store_n(&u.func, simple ? u.callback : nullptr, __ATOMIC_RELEASE);
}

int register_user(User &u) {
  if (u.bit)
    return -EBUSY;
  if (u.ops->flags & FTRACE_OPS_FL_PERMANENT && !rt.patcher.is_enabled())
    return -EBUSY;
  int e = rt.add_user(u);
  if (e)
    return e;
  rt.permanent += (u.ops->flags & FTRACE_OPS_FL_PERMANENT) != 0;
  u.ops->flags = (u.ops->flags | FTRACE_OPS_FL_ENABLED) & ~static_cast<unsigned long>(FTRACE_OPS_FL_DELETED);
  return 0;
}

void unregister_user(User &u) {
  rt.remove_user(u);
  rt.permanent -= (u.ops->flags & FTRACE_OPS_FL_PERMANENT) != 0;
  u.ops->flags = (u.ops->flags | FTRACE_OPS_FL_DELETED) & ~static_cast<unsigned long>(FTRACE_OPS_FL_ENABLED);
}

int change_patterns(User &u, Filter User::*which, std::string_view patterns, bool reset) {
  Filter added; // what these patterns by themselves name
  if (int e = added.add_patterns(patterns)) {
    added.clear();
    return e;
  }
  size_t matched = patterns.empty() ? 1 : rt.count_matches(added);
  Filter before = reset ? u.*which : Filter();
  size_t mark = (u.*which).pattern_mark();
  int e = 0;
  if (reset)
    (u.*which).take_from(added);
  else {
    added.clear();
    e = (u.*which).add_patterns(patterns);
  }
  if (!e && u.bit)
    e = rt.update(u, nullptr);
  if (e == -EBUSY && reset) { // nothing was changed: keep what was there
    (u.*which).clear();
    u.*which = before;
  } else {
    before.clear();
    if (e == -EBUSY)
      (u.*which).undo_patterns(mark);
  }
  return e ? e : matched ? 0 : -ENOENT;
}

namespace {

int set_patterns(ftrace_ops *ops, Filter User::*which, const char *buf, int len, int reset) {
  return locked_api(ops && len >= 0, [&] {
    User *u = make_user(ops);
    return u ? change_patterns(*u, which, std::string_view(buf ? buf : "", buf ? static_cast<size_t>(len) : 0), reset)
             : -ENOMEM;
  });
}

int compare_tids(const void *a, const void *b) {
  uint32_t x = *static_cast<const uint32_t *>(a), y = *static_cast<const uint32_t *>(b);
  return x < y ? -1 : x > y;
}

} // namespace

int change_addresses(User &u, const unsigned long *ips, size_t count, bool remove, bool reset) {
  rt.build_all();
  Module *m;
  for (size_t i = 0; i < count; ++i)
    if (!rt.modules.by_function(ips[i], &m))
      return -EINVAL;
  bool incremental = u.filter.is_set() && !reset && count <= 64;
  if (reset)
    u.filter.clear();
  for (size_t i = 0; i < count; ++i)
    if (!(remove ? u.filter.remove_address(ips[i]) : u.filter.add_address(ips[i])))
      return -ENOMEM;
  if (!u.bit)
    return 0;
  if (!incremental)
    return rt.update(u, nullptr);
  int result = 0;
  for (size_t i = 0; i < count; ++i)
    if (int e = rt.update_one(u, ips[i])) {
      u.filter.forget_address(ips[i]);
      result = e;
    }
  return result;
}

void free_user(ftrace_ops *ops) {
  User *u = user_of(ops);
  if (!u || u->bit)
    return;
  u->filter.clear();
  u->notrace.clear();
  free(const_cast<Tids *>(u->tids));
  free(u);
  ops->luge_internal = nullptr;
  ops->flags &= ~static_cast<unsigned long>(FTRACE_OPS_FL_INITIALIZED);
}

} // namespace luge

using namespace luge;

LUGE_API int register_ftrace_function(ftrace_ops *ops) {
  bool counts = ops && ops->flags & LUGE_OPS_FL_COUNT;
  return locked_api(ops && (ops->func || counts || ops->flags & FTRACE_OPS_FL_STUB), [&] {
    User *u = make_user(ops);
    if (!u)
      return -ENOMEM;
    if (u->bit)
      return -EBUSY;
    u->callback = counts ? nullptr : ops->func;
    u->kind = counts ? UserKind::Count : UserKind::Callback;
    u->silent = ops->flags & FTRACE_OPS_FL_STUB;
    set_simple_callback(*u);
    return register_user(*u);
  });
}

LUGE_API int unregister_ftrace_function(ftrace_ops *ops) {
  return locked_api(ops, [&] {
    User *u = user_of(ops);
    if (!u || !u->bit || u->kind == UserKind::Direct || u->kind == UserKind::Graph)
      return -ENOENT;
    unregister_user(*u);
    return 0;
  });
}

LUGE_API int ftrace_set_filter(ftrace_ops *ops, const char *buf, int len, int reset) {
  return set_patterns(ops, &User::filter, buf, len, reset);
}

LUGE_API int ftrace_set_notrace(ftrace_ops *ops, const char *buf, int len, int reset) {
  return set_patterns(ops, &User::notrace, buf, len, reset);
}

LUGE_API int ftrace_set_filter_ips(ftrace_ops *ops, unsigned long *ips, unsigned cnt, int remove, int reset) {
  return locked_api(ops && (ips || !cnt), [&] {
    User *u = make_user(ops);
    return u ? change_addresses(*u, ips, cnt, remove, reset) : -ENOMEM;
  });
}

LUGE_API int ftrace_set_filter_ip(ftrace_ops *ops, unsigned long ip, int remove, int reset) {
  return ftrace_set_filter_ips(ops, &ip, 1, remove, reset);
}

LUGE_API void ftrace_free_filter(ftrace_ops *ops) {
  if (!ops || inside_callback())
    return;
  Locked locked;
  free_user(ops);
}

LUGE_API int luge_ops_set_tids(ftrace_ops *ops, const int *tids, unsigned count) {
  return locked_api(ops && (tids || !count), [&] {
    User *u = make_user(ops);
    if (!u)
      return -ENOMEM;
    auto *fresh = count ? static_cast<Tids *>(malloc(sizeof(Tids) + count * sizeof(uint32_t))) : nullptr;
    if (count && !fresh)
      return -ENOMEM;
    if (fresh) {
      fresh->count = count;
      for (unsigned i = 0; i < count; ++i)
        fresh->ids[i] = static_cast<uint32_t>(tids[i]);
      qsort(fresh->ids, count, sizeof *fresh->ids, compare_tids);
    }
    const Tids *old = u->tids;
    __atomic_store_n(&u->tids, fresh, __ATOMIC_RELEASE);
    ops->flags = count ? ops->flags | FTRACE_OPS_FL_PID : ops->flags & ~static_cast<unsigned long>(FTRACE_OPS_FL_PID);
    set_simple_callback(*u);
  int e = u->bit ? rt.update(*u, nullptr) : 0; // another trampoline looks at the threads
    if (old)
      wait_for_callbacks();
    free(const_cast<Tids *>(old));
    return e;
  });
}

// ---- Direct calls

LUGE_API int register_ftrace_direct(ftrace_ops *ops, unsigned long addr) {
  return locked_api(ops && addr, [&] {
    User *u = user_of(ops);
    if (!u || !u->filter.is_set())
      return -EINVAL;
    if (u->bit)
      return -EBUSY;
    u->func = nullptr;
    u->direct = reinterpret_cast<void *>(addr);
    u->kind = UserKind::Direct;
    int e = register_user(*u);
    if (!e)
      ops->flags |= FTRACE_OPS_FL_DIRECT;
    return e;
  });
}

LUGE_API int modify_ftrace_direct(ftrace_ops *ops, unsigned long addr) {
  return locked_api(ops && addr, [&] {
    User *u = user_of(ops);
    if (!u || !u->bit || u->kind != UserKind::Direct)
      return -ENOENT;
    __atomic_store_n(&u->direct, reinterpret_cast<void *>(addr), __ATOMIC_RELEASE);
    rt.retarget(*u);
    return 0;
  });
}

LUGE_API int unregister_ftrace_direct(ftrace_ops *ops, unsigned long addr, int free_filters) {
  return locked_api(ops, [&] {
    User *u = user_of(ops);
    if (!u || !u->bit || u->kind != UserKind::Direct || reinterpret_cast<unsigned long>(u->direct) != addr)
      return -ENOENT;
    unregister_user(*u);
    ops->flags &= ~static_cast<unsigned long>(FTRACE_OPS_FL_DIRECT);
    if (free_filters)
      free_user(ops);
    return 0;
  });
}

// ---- Registers

LUGE_API unsigned long ftrace_regs_get_argument(ftrace_regs *fregs, unsigned n) { return arch::argument(*fregs, n); }
LUGE_API unsigned long ftrace_regs_get_instruction_pointer(ftrace_regs *fregs) {
  return arch::instruction_pointer(*fregs);
}
LUGE_API unsigned long ftrace_regs_get_stack_pointer(ftrace_regs *fregs) { return arch::stack_pointer(*fregs); }
LUGE_API unsigned long ftrace_regs_get_frame_pointer(ftrace_regs *fregs) { return arch::frame_pointer(*fregs); }
LUGE_API unsigned long ftrace_regs_get_return_address(ftrace_regs *fregs) { return arch::return_address(*fregs); }
LUGE_API unsigned long ftrace_regs_get_return_value(ftrace_regs *fregs) { return arch::return_value(*fregs); }
LUGE_API void ftrace_regs_set_instruction_pointer(ftrace_regs *fregs, unsigned long ip) {
  arch::set_instruction_pointer(*fregs, ip);
}
LUGE_API void ftrace_regs_set_return_value(ftrace_regs *fregs, unsigned long value) {
  arch::set_return_value(*fregs, value);
}
LUGE_API void ftrace_override_function_with_return(ftrace_regs *fregs) { arch::return_at_once(*fregs); }

LUGE_API int luge_regs_set_argument(ftrace_regs *fregs, unsigned n, unsigned long value) {
  uint64_t *in = arch::argument_register(*fregs, n);
  if (!in)
    return -EINVAL;
  *in = value;
  return 0;
}

LUGE_API int ftrace_regs_query_register_offset(const char *name) {
  for (const arch::RegisterName &r : arch::kRegisterNames)
    if (name && !strcmp(r.name, name))
      return r.offset;
  return -EINVAL;
}

LUGE_API unsigned long luge_regs_get_register(ftrace_regs *fregs, int offset) {
  return arch::has_register(*fregs, offset) ? reinterpret_cast<const uint64_t *>(fregs)[offset / 8] : 0;
}

// ---- The rest

LUGE_API int ftrace_test_recursion_trylock(unsigned long, unsigned long) {
  Thread *t = current_thread();
  if (!enter_guard(t, reinterpret_cast<uintptr_t>(__builtin_frame_address(0))))
    return -1;
  t->callback_frame += 2 * sizeof(void *); // a second try from the same function is inside
  return 0;
}

LUGE_API void ftrace_test_recursion_unlock(int bit) {
  if (bit >= 0)
    leave_guard(current_thread());
}

LUGE_API int luge_set_ftrace_enabled(int on) {
  return locked_api(true, [&] { return rt.set_enabled(on); });
}

LUGE_API int luge_set_tracer(const char *tracer, const char *filter, const char *notrace) {
  return locked_api(tracer, [&] {
    return rt.set_tracer(tracer, filter, notrace);
  });
}
