// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads come by their first event, in any context, and go by a pthread key.
// Nothing here allocates through libc: the pool is one mapping, reserved and
// touched page by page.
#include "runtime/core/thread.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/current/cpu.h"
#include "runtime/buffer/ring.h"
#include "runtime/core/left.h"
#include "runtime/core/runtime.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/look.h"

namespace luge {

#define THREAD_FIELD(name, offset) static_assert(offsetof(Thread, name) == offset);
#define SITE_FIELD(name, offset) static_assert(offsetof(Site, name) == offset);
#define USER_FIELD(name, offset) static_assert(offsetof(User, name) == offset);
#include "arch/current/frame.def"

extern "C" {
__thread Thread *luge_thread __attribute__((tls_model("initial-exec")));
}

namespace {

constexpr unsigned kPool = 4096;       // threads at a time; the rest record nothing (counted)

// Wiped by the kernel in the child of every kind of fork (MADV_WIPEONFORK), also of a clone() that no
// fork handler hears of: a Thread that is not in use there is how its thread learns that it must
// not write into the parent's ring.
struct Pool {
  uint32_t owner; // process; 0: wiped
  Thread threads[kPool];
};
Pool *pool;
unsigned pool_used; // entries ever taken: what lies above is untouched memory and stays so
Thread overflow;    // for threads beyond the pool: events go to the sink
uint32_t process;   // this one, as far as is known
pthread_key_t key;
bool have_key;
bool waiting; // in wait_for_callbacks()
uint32_t parent_pid; // 0: this process was not forked off by a traced one

void start_over(Thread *t) {
  t->last_frame = ~0ull;
  t->ring = nullptr;
  t->data = t->block = nullptr;
  t->sink_lost = 0;
  t->in_callback = t == &overflow ? kNoCallbacks : 0;
  t->open = nullptr;
  t->passing = 0;
  t->depth = t->root_depth = 0;
  t->limit = t->pos = 0;
}

void thread_end(void *p) {
  auto *t = static_cast<Thread *>(p);
  sys::SignalsBlocked blocked;
  luge_thread = nullptr;
  ring_finish(t);
  start_over(t);
  __atomic_store_n(&t->in_use, 0, __ATOMIC_RELEASE);
}

Thread *take_from_pool() {
  for (unsigned i = 0; pool && i < kPool; ++i) {
    uint32_t free = 0;
    if (__atomic_compare_exchange_n(&pool->threads[i].in_use, &free, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      unsigned used = __atomic_load_n(&pool_used, __ATOMIC_RELAXED);
      while (used < i + 1 && !__atomic_compare_exchange_n(&pool_used, &used, i + 1, false, __ATOMIC_SEQ_CST,
                                                          __ATOMIC_RELAXED)) {
      }
      return &pool->threads[i];
    }
  }
  return &overflow;
}

// The first event of a new process, or its fork handler.
void notice_fork() {
  if (!pool || pool->owner)
    return;
  parent_pid = process;
  process = static_cast<uint32_t>(sys::process_id());
  pool->owner = process;
  rt.process_forked();
}

[[gnu::cold]] Thread *attach() {
  sys::SignalsBlocked blocked;
  if (luge_thread && luge_thread->in_use)
    return luge_thread;
  notice_fork();
  Thread *t = take_from_pool();
  start_over(t);
  t->errno_at = &errno;
  t->tid = static_cast<uint32_t>(sys::thread_id());
  t->stack_end = own_stack_end(t->tid, process);
  t->parent_pid = parent_pid;
  if (t == &overflow || !ring_take(t))
    ring_use_sink(t);
  luge_thread = t;
  if (have_key && t != &overflow)
    pthread_setspecific(key, t);
  return t;
}

void refill(Thread *t) {
  sys::SignalsBlocked blocked;
  if (t->pos >= t->limit) // a handler may have done it in the meantime
    ring_next_block(t);
}

// One word of the ring: the C form of the trampolines' reservation.
void append(Thread *t, uint64_t event) {
  for (;;) {
    uint64_t at = arch::add_uninterrupted(&t->pos, 8);
    if (at < t->limit) {
      *reinterpret_cast<volatile uint64_t *>(at) = event;
      return;
    }
    refill(t);
  }
}

void write_epoch(Thread *t, uint64_t now) {
  if (t->pos >= t->limit) {
    refill(t);
    return; // the new block says what time it is
  }
  write_special(t, SpecialEvent::Epoch, now >> kEventTimeBits);
  t->epoch_end = ((now >> kEventTimeBits) + 1) << kEventTimeBits;
}

} // namespace

extern "C" void luge_thread_prepare(uintptr_t frame) {
  Thread *t = current_thread();
  if (t->pos >= t->limit)
    refill(t);
  uint64_t now = arch::read_clock();
  if (now >= t->epoch_end)
    write_epoch(t, now);
  if (frame && t->last_frame <= frame)
    forget_frames(t, frame, true);
}

void forget_frames(Thread *t, uintptr_t frame, bool recorded) {
  bool same_stack = frame - t->last_frame < kNear && !sys::on_alternate_stack();
  t->last_frame = ~0ull;
  if (same_stack && recorded)
    write_special(t, SpecialEvent::Longjmp, 0);
}

Thread *attach_thread() { return attach(); }

void thread_init() {
  note_initial_thread();
  void *p = sys::map(sizeof(Pool), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  pool = static_cast<Pool *>(p);
  if (pool) {
    sys::wipe_on_fork(pool, sizeof(Pool));
    pool->owner = process = static_cast<uint32_t>(sys::process_id());
  }
  overflow.in_use = 1;
  overflow.in_callback = kNoCallbacks;
  have_key = pthread_key_create(&key, thread_end) == 0;
}

void thread_after_fork() {
  waiting = false;
  if (pool && pool->owner) { // the kernel could not wipe it
    for (unsigned i = 0; i < pool_used; ++i) {
      start_over(&pool->threads[i]);
      pool->threads[i].in_use = 0;
    }
    pool->owner = 0;
  }
  luge_thread = nullptr;
  notice_fork();
}

void write_event(Thread *t, EventKind kind, uint32_t id) {
  for (;;) {
    uint64_t now = arch::read_clock();
    if (now >= t->epoch_end || t->pos >= t->limit) {
      luge_thread_prepare(0);
      continue;
    }
    append(t, make_event(kind, id, now));
    return;
  }
}

void write_stack(Thread *t, uint32_t id) { append(t, make_stack_event(id)); }

void write_special(Thread *t, SpecialEvent what, uint64_t payload) {
  append(t, make_event(EventKind::Special, static_cast<uint32_t>(what), payload));
}

bool callbacks_quiet() {
  sys::barrier_all();
  unsigned used = __atomic_load_n(&pool_used, __ATOMIC_ACQUIRE);
  for (unsigned i = 0; i < used; ++i)
    if (const Thread *t = &pool->threads[i];
        t->in_use && t != luge_thread && __atomic_load_n(&t->in_callback, __ATOMIC_ACQUIRE) &&
        sys::thread_exists(process, t->tid))
      return false;
  return true;
}

bool waiting_for_callbacks() { return __atomic_load_n(&waiting, __ATOMIC_ACQUIRE); }

namespace {

// A thread whose guard stays up is looked at: by what /proc says while it sleeps, and, when that has gone on for
// long, by stopping it, seldom. What is judged is one moment after the barrier, and what holds then of callbacks that
// had begun holds for good; one that begins later finds the user gone.
class Wait {
public:
  explicit Wait(Thread *thread) : t(thread) {}
  void operator()() {
    while (is_inside()) {
      sys::sleep_ns(nap);
      waited += nap;
      nap = nap < kLongestNap ? nap * 2 : nap;
    }
  }

private:
  static constexpr uint64_t kUsually = 20'000'000; // a callback has ended by then: no file of /proc is opened for it
  static constexpr uint64_t kLongestNap = 800'000, kFirstLook = 100'000'000, kBetweenLooks = 320'000'000;

  bool is_inside() {
    if (!t->in_use || !(__atomic_load_n(&t->in_callback, __ATOMIC_ACQUIRE) || __atomic_load_n(&t->passing, __ATOMIC_ACQUIRE)) ||
        !sys::thread_exists(process, t->tid))
      return false;
    if (waited < kUsually)
      return true;
    sys::Sleep now = sys::asleep(t->tid);
    if (now.state == sys::Sleep::Asleep && outside_callbacks(t, now.stack_pointer)) {
      sys::Sleep again = sys::asleep(t->tid); // what was read of its stack was still so
      return again.state != sys::Sleep::Asleep || again.stack_pointer != now.stack_pointer;
    }
    if (now.state != sys::Sleep::Running || waited < next_look)
      return true;
    next_look = waited + (waited < kBetweenLooks ? waited : kBetweenLooks);
    return !sys::look_at_running(process, t->tid, lower_if_outside, t);
  }

  // The thread stands still.
  static bool lower_if_outside(void *thread, uintptr_t stack_pointer) {
    auto *t = static_cast<Thread *>(thread);
    if (!outside_callbacks(t, stack_pointer))
      return false;
    t->passing = 0;
    __atomic_store_n(&t->in_callback, 0, __ATOMIC_RELEASE);
    return true;
  }

  Thread *t;
  uint64_t nap = 50'000, waited = 0, next_look = kFirstLook;
};

} // namespace

void wait_for_callbacks() {
  __atomic_store_n(&waiting, true, __ATOMIC_RELEASE);
  sys::barrier_all();
  unsigned used = __atomic_load_n(&pool_used, __ATOMIC_ACQUIRE);
  for (unsigned i = 0; i < used; ++i)
    if (&pool->threads[i] != luge_thread)
      Wait(&pool->threads[i])();
  __atomic_store_n(&waiting, false, __ATOMIC_RELEASE);
}

extern "C" void luge_count_prepare(uint32_t index) {
  Thread *t = current_thread();
  if (index >= t->count_room)
    make_counts(t, index);
}

bool make_counts(Thread *t, uint32_t index) {
  if (t == &overflow)
    return false;
  sys::SignalsBlocked blocked;
  if (index < t->count_room)
    return true;
  uint64_t room = (uint64_t{rt.modules.indices()} + 511) / 512 * 512;
  if (room <= index)
    room = (uint64_t{index} + 512) / 512 * 512;
  auto *fresh = static_cast<uint64_t *>(sys::map(room * sizeof(uint64_t), PROT_READ | PROT_WRITE,
                                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  if (!fresh)
    return false;
  uint64_t *old = t->counts, old_room = t->count_room;
  for (uint64_t i = 0; i < old_room; ++i)
    if (old[i])
      fresh[i] = old[i];
  t->count_room = 0;
  __atomic_store_n(&t->counts, fresh, __ATOMIC_RELEASE); // a reader may still look at the old one: it stays mapped
  __atomic_store_n(&t->count_room, room, __ATOMIC_RELEASE);
  return true;
}

uint64_t sum_counts(uint32_t index) {
  uint64_t sum = 0;
  for (unsigned i = 0; pool && i < pool_used; ++i) {
    const Thread &t = pool->threads[i];
    if (index < __atomic_load_n(&t.count_room, __ATOMIC_ACQUIRE))
      sum += __atomic_load_n(&__atomic_load_n(&t.counts, __ATOMIC_ACQUIRE)[index], __ATOMIC_RELAXED);
  }
  return sum;
}

void clear_counts(uint32_t begin, uint32_t end) {
  for (unsigned i = 0; pool && i < pool_used; ++i) {
    Thread &t = pool->threads[i];
    for (uint64_t k = begin; k < end && k < t.count_room; ++k)
      __atomic_store_n(&t.counts[k], 0, __ATOMIC_RELAXED);
  }
}

} // namespace luge
