// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/foreign/arm.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/current/cpu.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/near.h"

namespace luge {

namespace {

constexpr size_t kPageSize = 4096;
constexpr uint64_t kReach = (1ull << 31) - (1 << 20);

constexpr size_t whole_pages(size_t n) { return (n + kPageSize - 1) & ~(kPageSize - 1); }

// stubs | slots | records, each in pages of its own.
struct Room {
  uint8_t *memory;
  size_t stubs, slots, records;

  explicit Room(uint32_t n)
      : memory(nullptr), stubs(whole_pages(n * arch::kForeignStub)), slots(whole_pages(n * sizeof(luge_slot))),
        records(whole_pages(n * sizeof(luge_site))) {}
  size_t size() const { return stubs + slots + records; }
  uintptr_t stub(size_t i) const { return reinterpret_cast<uintptr_t>(memory) + i * arch::kForeignStub; }
  luge_slot *slot(size_t i) const { return reinterpret_cast<luge_slot *>(memory + stubs) + i; }
  luge_site *record(size_t i) const { return reinterpret_cast<luge_site *>(memory + stubs + slots) + i; }
};

void refuse_all(Plan &plan, Verdict v) {
  for (Planned &p : plan)
    if (p.verdict == Verdict::Good)
      p.verdict = v;
}

bool write_stubs(Plan &plan, const Room &room) {
  auto *text = static_cast<uint8_t *>(
      sys::map(room.stubs, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (!text)
    return false;
  memset(text, arch::kBreakpoint, room.stubs);
  size_t i = 0;
  for (Planned &p : plan) {
    uint8_t armed[arch::kForeignBytes];
    if (p.verdict == Verdict::Good &&
        (!arch::encode_foreign_stub(room.stub(i), reinterpret_cast<uintptr_t>(room.slot(i)),
                                    p.sled() + p.entry.length, text + i * arch::kForeignStub) ||
         !arch::encode_armed(p.sled(), room.stub(i), p.entry, armed)))
      p.verdict = Verdict::Far;
    ++i;
  }
  bool done = sys::map_code(room.memory, text, room.stubs);
  sys::unmap(text, room.stubs);
  return done;
}

// One sled while no other thread runs, or where one store does it. Written through the mapping, or,
// where that cannot be made writable, through /proc/self/mem (fd), which alone is not one store.
bool write_sled(const Planned &p, uintptr_t stub, int fd) {
  uint8_t bytes[arch::kForeignBytes];
  arch::encode_armed(p.sled(), stub, p.entry, bytes);
  auto *at = reinterpret_cast<uint8_t *>(p.sled());
  if (fd >= 0)
    return sys::write_at(fd, bytes, p.entry.length, p.sled()) == p.entry.length;
  if (arch::armed_atomically(p.sled(), p.entry)) {
    auto *word = reinterpret_cast<uint64_t *>(p.sled() & ~uintptr_t{7});
    uint64_t before = __atomic_load_n(word, __ATOMIC_RELAXED), after = before;
    memcpy(reinterpret_cast<uint8_t *>(&after) + (p.sled() & 7), bytes, p.entry.length);
    return __atomic_compare_exchange_n(word, &before, after, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
  }
  for (size_t i = 0; i < p.entry.length; ++i)
    const_cast<volatile uint8_t *>(at)[i] = bytes[i];
  return true;
}

void write_sleds(Plan &plan, const Room &room, bool alone) {
  sys::SignalsBlocked blocked; // a handler would be a second thread
  Bounds text = plan.text();
  uintptr_t begin = text.begin & ~(kPageSize - 1);
  size_t size = whole_pages(text.end - begin);
  bool writable = sys::protect(reinterpret_cast<void *>(begin), size, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
  long fd = writable || !alone ? -1 : sys::open_file("/proc/self/mem", O_RDWR);
  size_t i = 0;
  for (Planned &p : plan) {
    if (p.verdict == Verdict::Good && !((writable || fd >= 0) && write_sled(p, room.stub(i), static_cast<int>(fd))))
      p.verdict = Verdict::Forbidden;
    ++i;
  }
  if (writable)
    sys::protect(reinterpret_cast<void *>(begin), size,
                 PROT_READ | PROT_EXEC | (plan.text_is_writable() ? PROT_WRITE : 0));
  if (fd >= 0)
    sys::close_file(static_cast<int>(fd));
  sys::sync_cores();
  arch::discard_translations(text.begin, text.end - text.begin);
}

int32_t field(const int32_t *at, uintptr_t address) {
  return static_cast<int32_t>(address - reinterpret_cast<uintptr_t>(at));
}

luge_site *write_records(Plan &plan, const Room &room) {
  luge_site *r = room.record(0);
  size_t i = 0;
  for (Planned &p : plan) {
    if (p.verdict == Verdict::Good) {
      r->sled = field(&r->sled, p.sled());
      r->function = field(&r->function, p.function);
      r->stub = field(&r->stub, room.stub(i));
      r->kind = LUGE_SITE_ENTRY;
      r->flags = LUGE_SITE_TOGGLE | LUGE_SITE_SPECIAL_CC; // any register may be live
      uintptr_t prefix = p.record < p.function ? p.function - p.record : 0;
      r->prefix = static_cast<uint8_t>(prefix < 255 ? prefix : 255);
      r->stack_args = LUGE_STACK_ARGS_UNKNOWN;
      ++r;
    }
    ++i;
  }
  sys::protect(room.record(0), room.records, PROT_READ);
  return r;
}

} // namespace

ForeignSites arm(Plan &plan) {
  bool alone = sys::thread_count() == 1;
  for (Planned &p : plan)
    if (p.verdict == Verdict::Good && !alone && !arch::armed_atomically(p.sled(), p.entry))
      p.verdict = Verdict::Threads;
  if (!plan.with(Verdict::Good))
    return {};
  Room room(plan.count());
  room.memory = static_cast<uint8_t *>(sys::map_near(room.size(), plan.text().begin, plan.text().end, kReach));
  if (!room.memory) {
    refuse_all(plan, Verdict::Far);
    return {};
  }
  if (write_stubs(plan, room))
    write_sleds(plan, room, alone);
  else
    refuse_all(plan, Verdict::Forbidden);
  luge_site *end = write_records(plan, room);
  if (end == room.record(0)) {
    sys::unmap(room.memory, room.size());
    return {};
  }
  return {room.record(0), end, room.slot(0), room.memory, room.size()};
}

} // namespace luge
