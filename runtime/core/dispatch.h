// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The frame of a trampoline in which a traced call runs, and what happens to
// such calls: callbacks at entry and exit, the built-in tracer with limits.
//
// Words below the frame pointer (arch/<name>/trampoline.S, trampoline_many.S):
//
//          every frame
//   -1     slot; bit 0: a frame of the second kind
//   -2     the thread's innermost frame before this one
//          second kind, opened by luge_enter()
//   -3     site      -4  where to go on: together what a slot and its site are
//   -5     words of stack arguments to copy; -1: no frame, go on without it
//   -6     users whose exit handlers are to run
//   -7     epoch << 32 | bytes of data used
//   -8     time of the entry     -9  its event
//   -10    depth and root before
//   -11    scratch of the trampoline
//   -12    lowest address for data at the entry
//   below  data of users: blocks { payload, user << 32 | bytes }, downwards
#pragma once

#include "runtime/core/runtime.h"
#include "runtime/core/thread.h"

namespace luge {

inline constexpr long kJump = -1;

class Frame {
public:
  explicit Frame(uintptr_t pointer) : at(reinterpret_cast<uint64_t *>(pointer)) {}
  uintptr_t pointer() const { return reinterpret_cast<uintptr_t>(at); }
  const luge_slot *slot() const { return reinterpret_cast<const luge_slot *>(at[-1] & ~uint64_t{1}); }
  bool second_kind() const { return at[-1] & 1; }
  void mark_second_kind() const { at[-1] |= 1; }
  uint64_t &last_frame() const { return at[-2]; }
  uint64_t &site() const { return at[-3]; }
  uint64_t &target() const { return at[-4]; }
  long &words() const { return *reinterpret_cast<long *>(&at[-5]); }
  Users &wants() const { return at[-6]; }
  uint32_t &data_used() const { return reinterpret_cast<uint32_t *>(&at[-7])[0]; }
  uint32_t &epoch() const { return reinterpret_cast<uint32_t *>(&at[-7])[1]; }
  uint64_t &entry_time() const { return at[-8]; }
  uint64_t &entry_event() const { return at[-9]; }
  uint64_t &depth_and_root() const { return at[-10]; }
  uintptr_t data_end() const { return at[-12]; }
  uintptr_t data_begin() const { return reinterpret_cast<uintptr_t>(at - 12); }
  uintptr_t caller_frame() const { return at[0]; }
  uintptr_t return_address() const { return at[1]; }
  uint64_t *stack_arguments() const { return at + 2; }

private:
  uint64_t *at;
};

// What a handler may ask about the call that it is in.
struct OpenCall {
  Frame frame;
  unsigned user; // index
  bool entering;
};

uint32_t event_of(const Frame &f);

bool recording_calls(); // tracing_is_on()
// function_graph with limits, one call (tracers/function_graph.cpp).
bool graph_records(Thread *t, const Site &s);
void graph_open(Thread *t, const Frame &f, const Site &s);
void graph_close(Thread *t, const Frame &f, EventKind how);

} // namespace luge
