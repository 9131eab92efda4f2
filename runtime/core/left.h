// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether longjmp has left a frame, by comparing stack pointers, which say something on one and the same stack alone.
// A thread may run on several: its own; an alternate signal stack, where the kernel begins anew at the top when
// the thread has left it; and fibers, which look like nothing and may be resumed at any time.
#pragma once

#include "runtime/core/thread.h"

namespace luge {

inline constexpr uintptr_t kNear = 8 << 20; // frames farther apart than this are seldom of one stack

// Whether a frame of a traced call is gone, now that the calling thread enters `frame`: for what is shown of calls.
bool has_left(uintptr_t lower, uintptr_t frame);
// Thread.h has has_left_guard(), on which unregistering counts: in doubt a callback is not left.
// The same of another thread, which does not run and has this stack pointer: it is in no callback, and will not come
// back to one that has begun.
bool outside_callbacks(const Thread *t, uintptr_t stack_pointer);
// That stack's upper end, for Thread::stack_end; 0: not known.
uintptr_t own_stack_end(uint32_t tid, uint32_t pid);
void note_initial_thread(); // once, before the first thread is attached

} // namespace luge
