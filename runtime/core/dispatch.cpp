// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the trampolines hand a call over. One callback on a site comes through
// luge_dispatch_one; whatever else through luge_enter, luge_leave and luge_tail.
// All of it may run in a signal handler, interrupt itself, and be left by an
// exception or longjmp out of a callback.
#include "runtime/core/dispatch.h"

#include <string.h>

#include "arch/current/cpu.h"
#include "arch/current/patch.h"
#include "arch/current/regs.h"
#include "runtime/buffer/ring.h"
#include "runtime/core/left.h"

// The unwinder's, if one is loaded. Weak: the runtime depends on libc alone.
extern "C" uintptr_t _Unwind_GetGR(void *context, int reg) __attribute__((weak));
extern "C" uintptr_t _Unwind_GetIP(void *context) __attribute__((weak));

namespace luge {

namespace {

constexpr int kUnwindCleanupPhase = 2; // _UA_CLEANUP_PHASE
constexpr int kUnwindContinue = 8;     // _URC_CONTINUE_UNWIND

User *user_at(unsigned index) { return __atomic_load_n(&rt.users[index], __ATOMIC_ACQUIRE); }
bool concerns(const User *u, const Thread *t) {
  const Tids *tids = __atomic_load_n(&u->tids, __ATOMIC_ACQUIRE);
  return !tids || tids->has(t->tid);
}
void missed(User *u) { __atomic_fetch_add(u->nmissed, 1, __ATOMIC_RELAXED); }

void count_hit(Thread *t, const Site &s) {
  if (s.index < t->count_room || make_counts(t, s.index))
    arch::add_uninterrupted(&t->counts[s.index], 1);
}

uint64_t packed(const Thread *t) { return static_cast<uint64_t>(t->root_depth) << 32 | t->depth; }
void unpack(Thread *t, uint64_t v) {
  t->depth = static_cast<uint32_t>(v);
  t->root_depth = static_cast<uint32_t>(v >> 32);
}

// Forgets frames that longjmp has left: they lie at or below the one being entered.
void drop_dead_frames(Thread *t, uintptr_t frame, bool recorded) {
  uint32_t before = t->depth;
  while (t->depth && t->depth <= kTrackedFrames && t->frames[t->depth - 1] <= frame &&
         has_left(t->frames[t->depth - 1], frame))
    --t->depth;
  if (t->root_depth > t->depth)
    t->root_depth = 0;
  if (t->last_frame <= frame)
    forget_frames(t, frame, recorded && t->depth == before);
  if (recorded && t->depth != before)
    write_special(t, SpecialEvent::Longjmp, 0);
}

class Callbacks { // the guard, and errno
public:
  Callbacks(Thread *t, uintptr_t frame) : thread(t), errno_at(t->errno_at), entered(enter_guard(t, frame)) {
    if (entered)
      saved_errno = *errno_at;
  }
  ~Callbacks() {
    if (!entered)
      return;
    if (*errno_at != saved_errno) // a store would make each call wait for the one before
      *errno_at = saved_errno;
    if (thread->in_use) // not in a child that a callback has forked off
      leave_guard(thread);
  }
  Callbacks(const Callbacks &) = delete;
  explicit operator bool() const { return entered; }

private:
  Thread *thread;
  int *errno_at;
  bool entered;
  int saved_errno = 0;
};

// One graph user at an entry. A frame is needed if it wants the exit.
void graph_entry(User *u, unsigned index, Thread *t, const Frame &f, const Site &s, ftrace_regs *regs) {
  fgraph_ops *g = u->graph;
  if (!(s.state & SiteHasExit))
    return missed(u);
  ftrace_graph_ent entry = {s.function, static_cast<int>(t->depth)};
  OpenCall call = {f, index, true};
  t->open = &call;
  int wants = g->entryfunc ? g->entryfunc(&entry, g, regs) : 1;
  t->open = nullptr;
  if (wants && g->retfunc)
    f.wants() |= Users{1} << index;
}

void run_entries(Thread *t, const Frame &f, const Site &s, Users users, ftrace_regs *regs) {
  uintptr_t parent = f.return_address();
  for (Users left = users & kIndexedUsers; left; left &= left - 1) {
    auto index = static_cast<unsigned>(__builtin_ctzll(left));
    User *u = user_at(index);
    if (!u || !concerns(u, t))
      continue;
    switch (u->kind) {
    case UserKind::Callback:
      if (!u->silent)
        u->callback(s.function, parent, u->ops, regs);
      break;
    case UserKind::Count:
      count_hit(t, s);
      break;
    case UserKind::Direct:
      f.target() = reinterpret_cast<uint64_t>(__atomic_load_n(&u->direct, __ATOMIC_ACQUIRE));
      break;
    case UserKind::Graph:
      graph_entry(u, index, t, f, s, regs);
      break;
    case UserKind::Tracer:
      break;
    }
  }
  const MoreUsers *more = users & kMoreUsers ? __atomic_load_n(&rt.more, __ATOMIC_ACQUIRE) : nullptr;
  for (size_t i = 0; more && i < more->count; ++i) {
    User *u = __atomic_load_n(&more->users[i], __ATOMIC_ACQUIRE);
    const AddressSet *wanted = u ? __atomic_load_n(&u->wanted, __ATOMIC_ACQUIRE) : nullptr;
    if (wanted && !u->silent && wanted->has(s.function) && concerns(u, t))
      u->callback(s.function, parent, u->ops, regs);
  }
  if (users & rt.changers && arch::instruction_pointer(*regs) != s.function)
    f.target() = arch::instruction_pointer(*regs);
}

// Inside a callback: nobody hears of this call but direct users, whose code it is to reach. That the callback is
// gone may be known to the one who unregisters, and not here: he waits for this as well.
void pass_entries(Thread *t, const Frame &f, Users users) {
  uint64_t before = t->passing; // of what this has interrupted
  __atomic_store_n(&t->passing, f.pointer(), __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  for (Users left = users & kIndexedUsers; left; left &= left - 1) {
    User *u = user_at(static_cast<unsigned>(__builtin_ctzll(left)));
    if (u && u->kind == UserKind::Graph)
      missed(u);
    if (u && u->kind == UserKind::Direct)
      f.target() = reinterpret_cast<uint64_t>(__atomic_load_n(&u->direct, __ATOMIC_ACQUIRE));
  }
  __atomic_store_n(&t->passing, before, __ATOMIC_RELEASE);
}

void run_exits(Thread *t, const Frame &f, const Site &s, unsigned how, ftrace_regs *regs) {
  Callbacks callbacks(t, reinterpret_cast<uintptr_t>(regs));
  if (!callbacks)
    return;
  for (Users left = f.wants() & kIndexedUsers; left; left &= left - 1) {
    auto index = static_cast<unsigned>(__builtin_ctzll(left));
    User *u = user_at(index);
    if (!u || u->kind != UserKind::Graph || static_cast<int32_t>(f.epoch() - u->epoch) < 0)
      continue; // registered after this call was entered
    ftrace_graph_ret exit = {s.function, static_cast<int>(static_cast<uint32_t>(f.depth_and_root())), how,
                             how == LUGE_GRAPH_RETURN ? arch::return_value(*regs) : 0};
    OpenCall call = {f, index, false};
    t->open = &call;
    u->graph->retfunc(&exit, u->graph, regs);
    t->open = nullptr;
  }
}

// The frame's call is over. The thread's state first: a handler may not come back.
void close_call(const Frame &f, unsigned how, EventKind event, ftrace_regs *regs) {
  Thread *t = current_thread();
  const Site &s = *reinterpret_cast<const Site *>(f.site());
  if (f.wants() & kGraphUser)
    graph_close(t, f, event);
  unpack(t, f.depth_and_root());
  t->last_frame = f.last_frame();
  if (f.wants() & kIndexedUsers)
    run_exits(t, f, s, how, regs);
}

} // namespace

uint32_t event_of(const Frame &f) { return event_id(reinterpret_cast<uintptr_t>(f.slot())); }

// A site with one callback, where the trampoline cannot go on by itself: a thread's first call, one inside a
// callback, or others are being registered, whose calls begin when their own trampoline is there. What costs is in
// luge_one_entry.
extern "C" void luge_dispatch_one(const Site *s, unsigned long parent_ip, ftrace_regs *regs) {
  Thread *t = current_thread();
  Callbacks callbacks(t, reinterpret_cast<uintptr_t>(regs));
  if (!callbacks)
    return;
  arch::set_instruction_pointer(*regs, s->function);
  Users users = __atomic_load_n(&s->users, __ATOMIC_ACQUIRE) & kIndexedUsers;
  for (; users; users &= users - 1) {
    User *u = user_at(static_cast<unsigned>(__builtin_ctzll(users)));
    ftrace_func_t func = u ? __atomic_load_n(&u->func, __ATOMIC_ACQUIRE) : nullptr;
    if (func)
      func(s->function, parent_ip, u->ops, regs);
  }
}

// Fills in the frame; the trampoline does what it says.
extern "C" void luge_enter(uintptr_t pointer, ftrace_regs *regs) {
  Frame f(pointer);
  Site &s = site_of(f.slot());
  Thread *t = current_thread();
  f.site() = reinterpret_cast<uint64_t>(&s);
  f.target() = reinterpret_cast<uint64_t>(s.body);
  f.words() = kJump;
  f.wants() = 0;
  f.data_used() = 0;
  f.epoch() = __atomic_load_n(&rt.epoch, __ATOMIC_ACQUIRE);
  Users users = __atomic_load_n(&s.users, __ATOMIC_ACQUIRE);
  if (t->last_frame <= pointer || t->depth)
    drop_dead_frames(t, pointer, users & kGraphUser);
  f.depth_and_root() = packed(t);
  if (users & ~(kFunctionUser | kGraphUser)) {
    Callbacks callbacks(t, reinterpret_cast<uintptr_t>(regs)); // the lowest word that is surely the frame's
    if (callbacks) {
      arch::set_instruction_pointer(*regs, s.function);
      run_entries(t, f, s, __atomic_load_n(&s.users, __ATOMIC_ACQUIRE), regs);
    } else
      pass_entries(t, f, users);
  }
  if ((users & kFunctionUser && recording_calls()) ||
      (users & kGraphUser && !(s.state & SiteHasExit) && graph_records(t, s)))
    write_event(t, EventKind::Entry, event_of(f));
  else if (users & kGraphUser && graph_records(t, s)) {
    f.wants() |= kGraphUser;
    graph_open(t, f, s);
  }
  if (!f.wants())
    return;
  if (t->depth < kTrackedFrames)
    t->frames[t->depth] = pointer;
  ++t->depth;
  f.last_frame() = t->last_frame;
  f.words() = s.stack_args;
  f.mark_second_kind();
  t->last_frame = pointer;
}

extern "C" void luge_leave(uintptr_t pointer, ftrace_regs *regs) {
  close_call(Frame(pointer), LUGE_GRAPH_RETURN, EventKind::Exit, regs);
}

// A body that runs in a frame has left by a tail call to another traced function, which has built `pointer`.
// The old frame's call is over; its stack arguments are moved to where the first caller has put them, so that
// the trampoline can go back to there and begin anew. regs: the new call's arguments.
extern "C" void luge_tail(uintptr_t pointer, ftrace_regs *regs) {
  Frame entered(pointer), old(entered.caller_frame());
  size_t words;
  if (old.second_kind()) {
    words = static_cast<size_t>(old.words());
    close_call(old, LUGE_GRAPH_TAIL, EventKind::Exit, regs);
  } else {
    Thread *t = current_thread();
    words = site_of(old.slot()).stack_args;
    write_event(t, EventKind::Exit, event_of(old));
    t->last_frame = old.last_frame();
  }
  memmove(old.stack_arguments(), entered.stack_arguments(), words * sizeof(uint64_t));
}

// An exception, pthread_exit or a cancellation passes a frame of a trampoline: its body has thrown, or a
// callback has.
extern "C" __attribute__((visibility("hidden"))) int luge_personality(int, int actions, uint64_t, void *,
                                                                      void *context) {
  if (!(actions & kUnwindCleanupPhase))
    return kUnwindContinue;
  auto here = &_Unwind_GetIP ? _Unwind_GetIP(context) : reinterpret_cast<uintptr_t>(arch::luge_graph_return);
  Thread *t = current_thread();
  uintptr_t pointer = &_Unwind_GetGR ? _Unwind_GetGR(context, arch::kFramePointer) : t->last_frame;
  if (pointer == ~0ull)
    return kUnwindContinue;
  if (here != reinterpret_cast<uintptr_t>(arch::luge_graph_return)) {
    if (t->in_callback == 1)
      leave_guard(t);
    t->open = nullptr;
    return kUnwindContinue;
  }
  Frame f(pointer);
  if (f.second_kind()) {
    ftrace_regs none = {};
    close_call(f, LUGE_GRAPH_UNWOUND, EventKind::Unwound, &none);
  } else {
    write_event(t, EventKind::Unwound, event_of(f));
    t->last_frame = f.last_frame();
  }
  return kUnwindContinue;
}

// ---- Data of a call

namespace {

constexpr size_t block_bytes(uint32_t payload) { return (payload + sizeof(uint64_t) + 15) / 16 * 16; }

} // namespace

void *reserve_data(unsigned user, uint32_t bytes) {
  Thread *t = current_thread();
  OpenCall *call = t->open;
  if (!call || !call->entering || call->user != user || bytes > FGRAPH_MAX_DATA_SIZE)
    return nullptr;
  const Frame &f = call->frame;
  size_t block = block_bytes(bytes);
  uintptr_t top = f.data_begin() - f.data_used();
  if (top - block < f.data_end()) {
    if (User *u = user_at(user)) // null: it is just being unregistered
      missed(u);
    return nullptr;
  }
  auto *header = reinterpret_cast<uint64_t *>(top) - 1;
  *header = static_cast<uint64_t>(user) << 32 | bytes;
  memset(reinterpret_cast<void *>(top - block), 0, block - sizeof *header);
  f.data_used() += static_cast<uint32_t>(block);
  return reinterpret_cast<void *>(top - block);
}

void *retrieve_data(unsigned user, int *bytes) {
  OpenCall *call = current_thread()->open;
  if (!call || call->user != user)
    return nullptr;
  const Frame &f = call->frame;
  for (uint32_t offset = 0; offset < f.data_used();) {
    uintptr_t top = f.data_begin() - offset;
    uint64_t header = reinterpret_cast<uint64_t *>(top)[-1];
    size_t block = block_bytes(static_cast<uint32_t>(header));
    if (header >> 32 == user) {
      if (bytes)
        *bytes = static_cast<int>(static_cast<uint32_t>(header));
      return reinterpret_cast<void *>(top - block);
    }
    offset += static_cast<uint32_t>(block);
  }
  return nullptr;
}

} // namespace luge
