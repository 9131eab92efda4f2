// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All of it may be called in a callback and in a signal handler: no lock, no allocation, no libc but the
// unwinder behind backtrace(), which prepare_recording() has loaded.
#include "runtime/tracers/recording.h"

#include <errno.h>
#include <execinfo.h>

#include "luge/ftrace.h"
#include "runtime/buffer/ring.h"
#include "runtime/core/ops.h"
#include "runtime/core/thread.h"

namespace luge {

uint8_t luge_tracing_on = 1;

namespace {

constexpr int kStackDepth = 64;

// The function with a sled that holds this return address; null: none.
const Site *function_around(uintptr_t address) {
  for (const Module *m = rt.modules.first(); m; m = m->next)
    if (address >= m->text_begin && address < m->text_end)
      return Modules::below(*m, address - 1);
  return nullptr;
}

} // namespace

void set_recording(bool on) { __atomic_store_n(&luge_tracing_on, on, __ATOMIC_RELEASE); }

void prepare_recording(bool stacks) {
  void *frames[1];
  if (stacks)
    backtrace(frames, 1);
}

void record_stack(uintptr_t entered) {
  if (!session.attached() || !luge_tracing_on)
    return;
  void *frames[kStackDepth];
  int count = backtrace(frames, kStackDepth);
  Thread *t = current_thread();
  const Site *last = nullptr;
  for (int i = entered ? -1 : 0; i < count; ++i) {
    const Site *s = function_around(i < 0 ? entered + 1 : reinterpret_cast<uintptr_t>(frames[i]));
    if (s && s != last)
      write_stack(t, event_id(reinterpret_cast<uintptr_t>(slot_of(*s))));
    last = s ? s : last;
  }
}

} // namespace luge

using namespace luge;

// A program may have functions of these names of its own: then it has no need of ours.
#define LUGE_WEAK_API extern "C" __attribute__((visibility("default"), weak))
LUGE_WEAK_API void tracing_on(void) { set_recording(true); }
LUGE_WEAK_API void tracing_off(void) { set_recording(false); }
LUGE_WEAK_API int tracing_is_on(void) { return __atomic_load_n(&luge_tracing_on, __ATOMIC_ACQUIRE); }

LUGE_API void luge_record_stack(void) { record_stack(0); }

LUGE_WEAK_API int tracing_snapshot(void) { return session_copy(0, nullptr); }

LUGE_API int luge_dump(int own_thread) {
  static unsigned made;
  unsigned number = __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
  if (number > 100)
    return -ENOSPC;
  int e = session_copy(number, own_thread ? current_thread()->ring : nullptr);
  if (e)
    __atomic_fetch_sub(&made, 1, __ATOMIC_RELAXED);
  return e;
}
