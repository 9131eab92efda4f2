// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of function_graph that are not in the trampoline: the personality
// routine that records exits by exception, and the slower form with limits
// (-D depth, -g root, -t threshold). Plain function_graph never comes here.
//
// Words of the trampoline's frame, below its frame pointer (arch/<name>/trampoline.S).
#include "arch/current/cpu.h"
#include "arch/current/patch.h"
#include "runtime/core/runtime.h"
#include "runtime/core/thread.h"

// The unwinder's, if one is loaded. Weak: the runtime depends on libc alone.
extern "C" uintptr_t _Unwind_GetGR(void *context, int reg) __attribute__((weak));
extern "C" uintptr_t _Unwind_GetIP(void *context) __attribute__((weak));

namespace luge {
namespace {

constexpr int kUnwindCleanupPhase = 2;  // _UA_CLEANUP_PHASE
constexpr int kUnwindContinue = 8;      // _URC_CONTINUE_UNWIND

struct Frame { // addressed from its frame pointer downwards
  uint64_t *at;
  explicit Frame(uintptr_t pointer) : at(reinterpret_cast<uint64_t *>(pointer)) {}
  uint64_t &slot() const { return at[-1]; }
  uint64_t &last_frame() const { return at[-2]; }
  uint64_t &entry_time() const { return at[-3]; }
  uint64_t &entry_event() const { return at[-4]; }
  uint64_t &depth_and_root() const { return at[-5]; }
  uint64_t caller_frame() const { return at[0]; }
};

uint64_t packed(const Thread *t) { return static_cast<uint64_t>(t->root_depth) << 32 | t->depth; }
void unpack(Thread *t, uint64_t v) {
  t->depth = static_cast<uint32_t>(v);
  t->root_depth = static_cast<uint32_t>(v >> 32);
}

// Forgets frames that longjmp has left: they lie at or below the one being entered.
void drop_dead_frames(Thread *t, uintptr_t frame) {
  uint32_t before = t->depth;
  while (t->depth && t->depth <= kTrackedFrames && t->frames[t->depth - 1] <= frame)
    --t->depth;
  if (t->root_depth > t->depth)
    t->root_depth = 0;
  if (t->depth != before)
    write_special(t, SpecialEvent::Longjmp, 0);
}

bool inside_limits(const Thread *t, bool root) {
  const GraphLimits &l = rt.limits;
  uint32_t below = t->depth;
  if (l.rooted) {
    if (!t->root_depth)
      return root;
    below = t->depth - (t->root_depth - 1);
  }
  return !l.depth || below < l.depth;
}

void open_frame(Thread *t, const Frame &f, uintptr_t pointer, bool root) {
  if (rt.limits.rooted && root && !t->root_depth)
    t->root_depth = t->depth + 1;
  if (t->depth < kTrackedFrames)
    t->frames[t->depth] = pointer;
  ++t->depth;
  f.last_frame() = t->last_frame;
  write_event(t, EventKind::Entry, event_id(f.slot()));
  f.entry_event() = t->pos - 8;
  f.entry_time() = arch::read_clock();
}

// A call shorter than the threshold whose entry is the thread's latest event leaves no trace.
bool take_back(Thread *t, const Frame &f) {
  if (!rt.limits.threshold || arch::read_clock() - f.entry_time() >= rt.limits.threshold)
    return false;
  auto *word = reinterpret_cast<volatile uint64_t *>(f.entry_event());
  uint64_t event = *word;
  if (t->pos != f.entry_event() + 8 || event_id_of(event) != event_id(f.slot()))
    return false;
  *word = 0;
  if (arch::replace_uninterrupted(&t->pos, f.entry_event() + 8, f.entry_event()))
    return true;
  *word = event;
  return false;
}

void close_frame(const Frame &f, EventKind how) {
  if (!f.slot()) // not recorded
    return;
  Thread *t = current_thread();
  if (how == EventKind::Unwound || !take_back(t, f))
    write_event(t, how, event_id(f.slot()));
  unpack(t, f.depth_and_root());
}

} // namespace

// Words of stack arguments to copy, or -1: not recorded, go on to the body without a frame.
extern "C" long luge_graph_enter(uintptr_t pointer) {
  Frame f(pointer);
  Thread *t = current_thread();
  drop_dead_frames(t, pointer);
  Module *m;
  Site *s = rt.modules.by_slot(reinterpret_cast<luge_slot *>(f.slot()), &m);
  bool root = s && (s->flags & SiteGraphRoot);
  if (!s || !inside_limits(t, root))
    return -1;
  const luge_site &r = record_of(*m, *s);
  if (!luge_site_has_exit(r.flags, r.stack_args)) {
    write_event(t, EventKind::Entry, event_id(f.slot()));
    return -1;
  }
  f.depth_and_root() = packed(t);
  open_frame(t, f, pointer, root);
  return r.stack_args;
}

extern "C" void luge_graph_leave(uintptr_t pointer) { close_frame(Frame(pointer), EventKind::Exit); }

// A traced body has left by a tail call to another traced function; its frame stays and is the
// callee's now, or nobody's where the limits leave the callee out.
extern "C" void luge_graph_tail(uintptr_t pointer) {
  Frame entered(pointer), old(entered.caller_frame());
  close_frame(old, EventKind::Exit);
  old.slot() = entered.slot();
  if (luge_graph_enter(entered.caller_frame()) < 0)
    old.slot() = 0;
}

extern "C" __attribute__((visibility("hidden"))) int luge_personality(int, int actions, uint64_t, void *,
                                                                      void *context) {
  if (!(actions & kUnwindCleanupPhase))
    return kUnwindContinue;
  auto here = &_Unwind_GetIP ? _Unwind_GetIP(context) : reinterpret_cast<uintptr_t>(arch::luge_graph_return);
  Thread *t = current_thread();
  uintptr_t pointer = &_Unwind_GetGR ? _Unwind_GetGR(context, arch::kFramePointer) : t->last_frame;
  if (pointer == ~0ull)
    return kUnwindContinue;
  Frame f(pointer);
  if (here == reinterpret_cast<uintptr_t>(arch::luge_graph_return)) {
    write_event(t, EventKind::Unwound, event_id(f.slot()));
    t->last_frame = f.last_frame();
  } else if (here == reinterpret_cast<uintptr_t>(arch::luge_filtered_return))
    close_frame(f, EventKind::Unwound);
  return kUnwindContinue;
}

} // namespace luge
