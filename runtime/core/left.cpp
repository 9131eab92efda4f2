// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of stacks: the upper end of a thread's own one, the alternate one that the kernel knows, and that
// between two stacks there is mostly a page which cannot be read. Two pieces of one allocation without such a page
// are one stack as far as anybody can see; only the ends of the known ones tell them apart.
#include "runtime/core/left.h"

#include <sys/auxv.h>

#include "arch/current/cpu.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/look.h"

namespace luge {

namespace {

constexpr uintptr_t kDeep = 64 << 20; // and farther apart than this never: the rest of it is not looked for

// The C library's description of a thread, which the thread pointer points to, is at the upper end of its stack. That
// of the initial thread is elsewhere; a child forked off by another thread has its
// initial thread on that one's stack.
uintptr_t initial_description;

// Upwards: asking for what is below the initial stack could make it grow.
bool one_stack(uintptr_t lower, uintptr_t upper) {
  return lower <= upper && upper - lower < kDeep && sys::readable(lower, upper);
}
bool parted(uintptr_t lower, uintptr_t upper, uintptr_t end) { return lower < end && end <= upper; }

// `guard` raised by a frame there, the thread at `sp`.
bool is_outside(const Thread *t, uintptr_t guard, uintptr_t sp) {
  bool above = sp > guard; // not where it stands while the trampoline raises the guard
  uintptr_t end = t->stack_end;
  sys::HandlerStack here = sys::handler_stack(sp, sp < end ? end : ~uintptr_t{0});
  if (here.state == sys::HandlerStack::Unknown)
    return false;
  if (here.state == sys::HandlerStack::Found)
    return above && here.range.holds(guard);
  if (sp >= end || !one_stack(sp, end)) // a fiber; who knows what else is on its stack
    return false;
  if (above && one_stack(guard, sp))
    return true;
  if (!above && guard < end) // below it in a callback (or on an alternate stack that is part of this one)
    return false;
  if (!sys::readable(guard, guard))
    return true; // that stack does not exist any more
  sys::HandlerStack there = sys::handler_stack(guard, ~uintptr_t{0});
  return there.state == sys::HandlerStack::Found && !there.disarmed;
}

} // namespace

void note_initial_thread() {
  if (sys::thread_id() == sys::process_id())
    initial_description = arch::thread_pointer();
}

uintptr_t own_stack_end(uint32_t tid, uint32_t pid) {
  uintptr_t description = arch::thread_pointer();
  if (description == initial_description)
    return getauxval(AT_RANDOM); // something that the kernel has put at the upper end
  return tid == pid && !initial_description ? 0 : description;
}

bool has_left(uintptr_t lower, uintptr_t frame) {
  if (frame - lower < kNear)
    return !sys::on_alternate_stack();
  return lower - frame >= kNear && !sys::on_alternate_stack(); // lower was on another stack
}

bool has_left_guard(const Thread *t, uintptr_t frame) {
  uintptr_t guard = t->callback_frame;
  bool below = frame < guard;
  if (below && guard - frame < kNear && !parted(frame, guard, t->stack_end))
    return false; // a call that the callback makes
  sys::Range alternate = sys::alternate_stack();
  bool here = alternate.holds(frame);
  if (alternate.holds(guard))
    return !here || !below;
  return !here && !parted(guard, frame, t->stack_end) && one_stack(guard, frame);
}

bool outside_callbacks(const Thread *t, uintptr_t sp) {
  if (__atomic_load_n(&t->in_callback, __ATOMIC_ACQUIRE) && !is_outside(t, t->callback_frame, sp))
    return false;
  uintptr_t passing = __atomic_load_n(&t->passing, __ATOMIC_ACQUIRE);
  return !passing || is_outside(t, passing, sp);
}

} // namespace luge
