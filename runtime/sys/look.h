// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Looking at another thread of this process: where its stack pointer is, and what the kernel has put on its stack.
// One thread may do so at a time (the owner of Runtime::lock). None of it allocates or touches errno.
#pragma once

#include "runtime/sys/linux.h"

namespace luge::sys {

// From outside: asleep in the kernel, or stopped, with the user's stack pointer there. Takes nothing from the thread.
struct Sleep {
  enum State { Unknown, Running, Asleep } state; // Unknown: no /proc, or no such thread
  uintptr_t stack_pointer;
};
Sleep asleep(uint32_t tid);

// A registered alternate stack that a signal's handler was started on.
struct HandlerStack {
  enum State { Unknown, None, Found } state; // Unknown: memory could not be read
  Range range;
  bool disarmed; // SS_AUTODISARM: the handler may go to other stacks and come back
};
// The one that `at` is on, by the frames of signals at higher addresses below `end`.
HandlerStack handler_stack(uintptr_t at, uintptr_t end);

// At the start of the program: the seccomp filters that are there come from whoever has started it.
void note_filters();

// Stops the running thread `tid` for some microseconds and calls decide(argument, its stack pointer) meanwhile, in
// another process that shares this one's memory. False: it could not be stopped, or decide() has said so.
bool look_at_running(uint32_t pid, uint32_t tid, bool (*decide)(void *argument, uintptr_t stack_pointer),
                     void *argument);

} // namespace luge::sys
