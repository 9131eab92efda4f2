// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What one traced thread has: its place in the ring, its innermost traced
// frame, and the flags that say what it is doing. The trampolines read and
// write the first fields (arch/<name>/frame.def). A Thread lives in a pool that
// is never unmapped, so that a writer may look at the flags of a thread that
// is just ending.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sled/trace_format.h"

namespace luge {

inline constexpr unsigned kTrackedFrames = 256;
inline constexpr uint32_t kNoCallbacks = 2; // Thread::in_callback of threads beyond the pool

struct Thread {
  uint64_t pos;        // next event word
  uint64_t limit;      // no reservation at or above this; one spare word stands behind it
  uint64_t epoch_end;  // first time stamp that needs a new Epoch event
  uint64_t last_frame; // innermost live frame of a trampoline; ~0: none
  uint64_t *counts;    // hits by Site::index, of all threads that ever had this place
  uint64_t count_room; // of counts
  int *errno_at;       // this thread's errno
  uint64_t callback_frame; // of the trampoline that has raised the guard
  uint32_t in_callback; // recursion guard of user callbacks; read by unregister
  uint32_t in_use;     // 0: free for a new thread

  RingHeader *ring;    // null: nowhere to record; events go to the sink and count as lost
  uint8_t *data;       // ring->ring_bytes of blocks
  uint8_t *block;      // the one that pos is in
  uint64_t sink_lost;  // events lost since the last real block
  uint32_t tid;
  uint32_t generation;
  uint32_t parent_pid; // of the process, if it was forked off with tracing on; else 0
  struct OpenCall *open;   // the call whose handler is running, for fgraph_reserve_data()
  uint64_t stack_end;      // of the thread's own stack, above all its frames; 0: not known
  uint64_t passing;        // the frame that looks at users though the guard is not its own; 0: none

  // Of frames that core/dispatch.cpp opens (graph users, -D, -g, -t), by depth.
  uint32_t depth, root_depth; // root_depth: depth of the -g function that is open + 1; 0: none
  uint64_t frames[kTrackedFrames];
};

extern "C" __thread Thread *luge_thread __attribute__((tls_model("initial-exec")));

// Makes the calling thread able to record one more event: attaches it, takes the next block,
// writes an Epoch, notices frames that longjmp has left. Called by the trampolines' slow paths,
// in any context (signal handlers too). frame: of the function that is being entered, or 0.
extern "C" void luge_thread_prepare(uintptr_t frame);

// The calling thread's Thread, attached if need be; never null.
Thread *attach_thread();
inline Thread *current_thread() {
  Thread *t = luge_thread;
  return __builtin_expect(t && t->in_use, 1) ? t : attach_thread();
}

void thread_init();          // once, before the first traced call
void thread_after_fork();    // in the child, from the fork handler
// Appends an event of the calling thread now (slow callers: C tracers, personality).
void write_event(Thread *t, EventKind kind, uint32_t id);
void write_stack(Thread *t, uint32_t id);
void write_special(Thread *t, SpecialEvent what, uint64_t payload);
// Returns when every thread was seen outside user callbacks at least once.
void wait_for_callbacks();
// Whether somebody is in wait_for_callbacks() now: the runtime's state then stays as it is while any callback runs.
bool waiting_for_callbacks();
// Whether no other thread is inside a callback now.
bool callbacks_quiet();
// An innermost frame at or below the one that is being entered has been left by longjmp, or lies on another stack.
void forget_frames(Thread *t, uintptr_t frame, bool recorded);
// Whether the callback that has raised the guard is gone, now that the calling thread enters `frame` (core/left.h).
bool has_left_guard(const Thread *t, uintptr_t frame);
// Room for hits up to this index; false: no memory.
bool make_counts(Thread *t, uint32_t index);
// The hits of one site in all threads, then 0 for each if `clear`.
uint64_t sum_counts(uint32_t index);
void clear_counts(uint32_t begin, uint32_t end);

// The recursion guard. enter() is false inside a callback already. The guard may be left up by longjmp; the
// next entry from above finds that out.
inline bool enter_guard(Thread *t, uintptr_t frame) {
  uint32_t inside = __atomic_load_n(&t->in_callback, __ATOMIC_RELAXED);
  if (__builtin_expect(inside != 0, 0) && (inside == kNoCallbacks || !has_left_guard(t, frame)))
    return false;
  t->callback_frame = frame;
  __atomic_store_n(&t->in_callback, 1, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST); // before users are read: unregister counts on it
  return true;
}
inline void leave_guard(Thread *t) {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __atomic_store_n(&t->in_callback, 0, __ATOMIC_RELEASE);
}

} // namespace luge
