// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rings of blocks in shared memory. The fast path (reserve by xadd, store) is in
// the trampolines; here a block ends and the next begins, once in 8,000 events.
// Runs with all signals blocked, calls nothing of libc.
#include "runtime/buffer/ring.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/current/cpu.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/text.h"

namespace luge {

Session session;

namespace {

constexpr unsigned kWaitRounds = 400;           // for the recorder to free a block:
constexpr uint64_t kWaitNanoseconds = 500'000;  // at most 0.2 s, then events are lost and counted

// Where events go that nobody keeps. Shared by all threads that have no ring: its contents are
// never read, and every writer's own pos and limit keep it inside.
alignas(4096) uint8_t sink[kBlockBytes];

RingHeader *ring_at(uint32_t index) {
  auto *base = reinterpret_cast<uint8_t *>(session.header) + session.header->rings_offset;
  return reinterpret_cast<RingHeader *>(base + index * (kPage + session.header->ring_bytes));
}

uint64_t epoch_end_of(uint64_t tsc) { return ((tsc >> kEventTimeBits) + 1) << kEventTimeBits; }

BlockHeader *header_of(uint8_t *block) { return reinterpret_cast<BlockHeader *>(block); }

void enter_block(Thread *t) {
  RingHeader *r = t->ring;
  uint64_t head = __atomic_load_n(&r->head, __ATOMIC_RELAXED);
  bool streams = session.header->mode == BufferMode::Stream;
  if (streams)
    take_warm_place(*r, head, __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE), session.blocks);
  t->block = t->data + (streams ? place_of(*r, head, session.blocks) : head % session.blocks) * kBlockBytes;
  if (!streams && head >= session.blocks)
    arch::zero_words(t->block, kBlockBytes / 8);
  BlockHeader *b = header_of(t->block);
  uint64_t now = arch::read_clock();
  b->sequence = head;
  b->generation = t->generation;
  b->events = 0;
  b->lost_before = t->sink_lost;
  __atomic_store_n(&b->first_tsc, now, __ATOMIC_RELEASE);
  t->sink_lost = 0;
  t->epoch_end = epoch_end_of(now);
  t->limit = reinterpret_cast<uint64_t>(t->block) + kBlockBytes - 8;
  __atomic_store_n(&t->pos, reinterpret_cast<uint64_t>(t->block) + sizeof(BlockHeader), __ATOMIC_RELEASE);
}

void wake_recorder() {
  __atomic_fetch_add(&session.header->wake, 1, __ATOMIC_RELEASE);
  sys::wake(&session.header->wake);
}

// The block at head is complete.
void hand_over(Thread *t) {
  header_of(t->block)->events = kBlockEvents;
  __atomic_fetch_add(&t->ring->head, 1, __ATOMIC_RELEASE);
  t->block = nullptr;
  if (session.header->mode == BufferMode::Stream)
    wake_recorder();
}

// Room for one more block behind head.
bool has_room(const RingHeader *r) {
  uint64_t head = __atomic_load_n(&r->head, __ATOMIC_RELAXED);
  return head - __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE) < session.blocks;
}

bool wait_for_room(const RingHeader *r) {
  for (unsigned i = 0; i < kWaitRounds; ++i) {
    if (has_room(r))
      return true;
    if (!__atomic_load_n(&session.header->recorder_alive, __ATOMIC_ACQUIRE))
      return false;
    if (i < 20)
      sys::yield();
    else
      sys::sleep_ns(kWaitNanoseconds);
  }
  return has_room(r);
}

bool make_room(Thread *t) {
  RingHeader *r = t->ring;
  switch (session.header->mode) {
  case BufferMode::Stream:
    return has_room(r) || (t->sink_lost == 0 && wait_for_room(r)) || has_room(r);
  case BufferMode::Drop:
    return has_room(r);
  case BufferMode::Overwrite:
    if (!has_room(r))
      __atomic_fetch_add(&r->tail, 1, __ATOMIC_RELEASE);
    return true;
  }
  return false;
}

bool valid(const SessionHeader &h, uint64_t file_bytes) {
  uint64_t ring = kPage + h.ring_bytes;
  return h.magic == kSessionMagic && h.version == kSessionVersion && h.total_bytes <= file_bytes &&
         h.ring_bytes >= 2 * kBlockBytes && h.ring_bytes % kBlockBytes == 0 &&
         h.modules_offset >= sizeof h && h.max_modules <= 1 << 20 &&
         h.modules_offset + h.max_modules * sizeof(ModuleEntry) <= h.rings_offset &&
         h.rings_offset % kPage == 0 && h.max_rings <= 1 << 20 &&
         h.rings_offset + h.max_rings * ring <= h.total_bytes;
}

bool map_session(int fd, uint64_t bytes, const char *path) {
  void *at = sys::map(bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  if (!at) {
    sys::report() << path << ": cannot map " << bytes << " bytes of trace buffers; use smaller ones (luge record -b)";
    return false;
  }
  session.header = static_cast<SessionHeader *>(at);
  session.blocks = session.header->ring_bytes / kBlockBytes;
  return true;
}

// A session file of an earlier run makes way (its processes keep the old one); anything else stays.
bool make_way(const char *path) {
  long fd = sys::open_file(path, O_RDONLY);
  if (fd < 0)
    return true;
  uint64_t magic = 0;
  long size = sys::file_size(static_cast<int>(fd));
  bool ours = size == 0 || (sys::read_at(static_cast<int>(fd), &magic, sizeof magic, 0) == sizeof magic &&
                            magic == kSessionMagic);
  sys::close_file(static_cast<int>(fd));
  if (ours)
    sys::remove_file(path);
  else
    sys::report() << "LUGE_FILE=" << path << ": is not a Luge session; not overwritten, not tracing this process";
  return ours;
}

} // namespace

bool session_attach(const char *path) {
  long fd = sys::open_file(path, O_RDWR);
  if (fd < 0) {
    sys::report() << "LUGE_SESSION=" << path << ": " << sys::error_text(fd) << "; not tracing this process";
    return false;
  }
  SessionHeader h;
  long size = sys::file_size(static_cast<int>(fd));
  bool ok = sys::read_at(static_cast<int>(fd), &h, sizeof h, 0) == sizeof h &&
            valid(h, static_cast<uint64_t>(size));
  if (!ok)
    sys::report() << "LUGE_SESSION=" << path << ": not a session of this version; not tracing this process";
  ok = ok && map_session(static_cast<int>(fd), h.total_bytes, path);
  sys::close_file(static_cast<int>(fd));
  return ok;
}

bool session_create(const char *path, uint64_t ring_bytes, uint32_t max_rings) {
  SessionHeader h = {};
  h.magic = kSessionMagic;
  h.version = kSessionVersion;
  h.mode = BufferMode::Overwrite;
  h.modules_offset = kPage;
  h.max_modules = 256;
  h.rings_offset = (kPage + h.max_modules * sizeof(ModuleEntry) + kPage - 1) / kPage * kPage;
  h.max_rings = max_rings;
  h.ring_bytes = ring_bytes < 2 * kBlockBytes ? 2 * kBlockBytes : ring_bytes / kBlockBytes * kBlockBytes;
  h.total_bytes = h.rings_offset + max_rings * (kPage + h.ring_bytes);
  if (!make_way(path))
    return false;
  long fd = sys::open_file(path, O_RDWR | O_CREAT | O_EXCL, 0600);
  long r = fd < 0 ? fd : sys::set_file_size(static_cast<int>(fd), h.total_bytes);
  if (r >= 0)
    r = sys::write_at(static_cast<int>(fd), &h, sizeof h, 0);
  if (r < 0)
    sys::report() << "LUGE_FILE=" << path << ": " << sys::error_text(r) << "; not tracing this process";
  bool ok = r >= 0 && map_session(static_cast<int>(fd), h.total_bytes, path);
  if (fd >= 0)
    sys::close_file(static_cast<int>(fd));
  if (ok && strlen(path) < sizeof session.path)
    strcpy(session.path, path);
  return ok;
}

static ModuleEntry *session_modules() {
  return reinterpret_cast<ModuleEntry *>(reinterpret_cast<uint8_t *>(session.header) + session.header->modules_offset);
}

ModuleEntry *session_module() {
  if (!session.attached())
    return nullptr;
  uint32_t i = __atomic_fetch_add(&session.header->modules_used, 1, __ATOMIC_ACQ_REL);
  return i < session.header->max_modules ? session_modules() + i : nullptr;
}

ModuleEntry *session_known_module(uint32_t pid, uint64_t sites, const char *path) {
  uint32_t used = session.attached() ? __atomic_load_n(&session.header->modules_used, __ATOMIC_ACQUIRE) : 0;
  if (session.attached() && used > session.header->max_modules)
    used = session.header->max_modules;
  for (ModuleEntry *e = used ? session_modules() : nullptr; used--; ++e)
    if (__atomic_load_n(&e->state, __ATOMIC_ACQUIRE) == ModuleUnloaded && e->pid == pid && e->sites == sites &&
        !strncmp(e->path, path, sizeof e->path - 1))
      return e;
  return nullptr;
}

namespace {

// Overwrite mode has no recorder that frees rings: once all are taken, those of ended threads go round.
bool abandoned(const RingHeader *r, uint32_t state) {
  return state == RingDone || (state == RingActive && !sys::thread_exists(r->pid, r->tid));
}

RingHeader *claim_ring(bool reuse) {
  for (uint32_t i = 0; i < session.header->max_rings; ++i) {
    RingHeader *r = ring_at(i);
    uint32_t state = __atomic_load_n(&r->state, __ATOMIC_ACQUIRE);
    bool free = state == RingFree || (reuse && abandoned(r, state));
    if (!free || !__atomic_compare_exchange_n(&r->state, &state, RingClaimed, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
      continue;
    if (state != RingFree)
      arch::zero_words(reinterpret_cast<uint8_t *>(r) + kPage, session.header->ring_bytes / 8);
    uint32_t used = __atomic_load_n(&session.header->rings_used, __ATOMIC_RELAXED);
    while (used < i + 1 && !__atomic_compare_exchange_n(&session.header->rings_used, &used, i + 1, false,
                                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
    }
    return r;
  }
  return nullptr;
}

} // namespace

bool ring_take(Thread *t) {
  if (!session.attached())
    return false;
  RingHeader *r = claim_ring(false);
  if (!r && session.header->mode == BufferMode::Overwrite)
    r = claim_ring(true);
  if (!r) {
    __atomic_fetch_add(&session.header->lost_threads, 1, __ATOMIC_RELAXED);
    return false;
  }
  t->ring = r;
  t->data = reinterpret_cast<uint8_t *>(r) + kPage;
  r->pid = static_cast<uint32_t>(sys::process_id());
  r->tid = t->tid;
  t->generation = ++r->generation;
  r->lost = 0;
  r->head = r->tail = r->seen_tail = r->warm = 0;
  for (uint16_t &m : r->moved)
    m = 0;
  r->parent_pid = static_cast<uint64_t>(t->parent_pid);
  r->started_tsc = arch::read_clock();
  sys::thread_name(r->comm);
  enter_block(t);
  __atomic_store_n(&r->state, RingActive, __ATOMIC_RELEASE);
  return true;
}

void ring_finish(Thread *t) {
  RingHeader *r = t->ring;
  if (!r)
    return;
  if (t->block) {
    uint64_t first = reinterpret_cast<uint64_t>(t->block) + sizeof(BlockHeader);
    uint64_t end = t->pos < t->limit ? t->pos : t->limit + 8;
    header_of(t->block)->events = static_cast<uint32_t>((end - first) / 8);
    __atomic_fetch_add(&r->head, 1, __ATOMIC_RELEASE);
  } else
    __atomic_fetch_add(&r->lost, (t->pos - reinterpret_cast<uint64_t>(sink)) / 8, __ATOMIC_RELAXED);
  __atomic_store_n(&r->state, RingDone, __ATOMIC_RELEASE);
  if (session.header->mode == BufferMode::Stream)
    wake_recorder();
}

void ring_use_sink(Thread *t) {
  t->block = nullptr;
  t->epoch_end = ~0ull;
  t->limit = reinterpret_cast<uint64_t>(sink) + sizeof sink - 8;
  __atomic_store_n(&t->pos, reinterpret_cast<uint64_t>(sink), __ATOMIC_RELEASE);
}

void ring_next_block(Thread *t) {
  if (t->block)
    hand_over(t);
  else if (t->limit) { // the sink was full
    uint64_t lost = (kBlockBytes - 8) / 8;
    t->sink_lost += lost;
    if (t->ring)
      __atomic_fetch_add(&t->ring->lost, lost, __ATOMIC_RELAXED);
  }
  if (t->ring && make_room(t))
    enter_block(t);
  else
    ring_use_sink(t);
}

} // namespace luge
