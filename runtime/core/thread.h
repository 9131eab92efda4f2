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

struct Thread {
  uint64_t pos;        // next event word
  uint64_t limit;      // no reservation at or above this; one spare word stands behind it
  uint64_t epoch_end;  // first time stamp that needs a new Epoch event
  uint64_t last_frame; // innermost live frame of function_graph; ~0: none

  RingHeader *ring;    // null: nowhere to record; events go to the sink and count as lost
  uint8_t *data;       // ring->ring_bytes of blocks
  uint8_t *block;      // the one that pos is in
  uint64_t sink_lost;  // events lost since the last real block
  uint32_t in_callback; // recursion guard of user callbacks; read by unregister
  uint32_t in_use;     // 0: free for a new thread
  uint32_t tid;
  uint32_t generation;
  uint32_t parent_pid; // of the process, if it was forked off with tracing on; else 0

  // Only where -D, -g or -t asks for it: frames by depth.
  uint32_t depth, root_depth; // root_depth: depth of the -g function that is open + 1; 0: none
  uint64_t frames[kTrackedFrames];
};

extern "C" __thread Thread *luge_thread __attribute__((tls_model("initial-exec")));

// Makes the calling thread able to record one more event: attaches it, takes the next block,
// writes an Epoch, notices frames that longjmp has left. Called by the trampolines' slow paths,
// in any context (signal handlers too). frame: of the function that is being entered, or 0.
extern "C" void luge_thread_prepare(uintptr_t frame);

// The calling thread's Thread, attached if need be; never null.
Thread *current_thread();

void thread_init();          // once, before the first traced call
void thread_after_fork();    // in the child, from the fork handler
// Appends an event of the calling thread now (slow callers: C tracers, personality).
void write_event(Thread *t, EventKind kind, uint32_t id);
void write_special(Thread *t, SpecialEvent what, uint64_t payload);
// Returns when every thread was seen outside user callbacks at least once.
void wait_for_callbacks();

} // namespace luge
