// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Event words and the structures of session and file. Offsets are written down here as well: the
// trampolines know them as numbers.
#include "sled/trace_format.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "gtest/gtest.h"

namespace luge {
namespace {

TEST(Event, fields_come_back) {
  const uint32_t ids[] = {0, 1, 0x80000000u, 0xffffffffu, 0x12345678u};
  const uint64_t times[] = {0, 1, kEventTimeMask, 0x2aaaaaaa};
  for (EventKind kind :
       {EventKind::Special, EventKind::Entry, EventKind::Exit, EventKind::Unwound})
    for (uint32_t id : ids)
      for (uint64_t time : times) {
        uint64_t e = make_event(kind, id, time);
        EXPECT_EQ(event_kind(e), kind);
        EXPECT_EQ(event_id_of(e), id);
        EXPECT_EQ(event_time(e), time);
      }
}

TEST(Event, is_drawn_as_documented) {
  EXPECT_EQ(make_event(EventKind::Entry, 0x89abcdef, 1), 0x0000000589abcdefu);
  EXPECT_EQ(make_event(EventKind::Unwound, 0, kEventTimeMask), 0xffffffff00000000u);
  EXPECT_EQ(kEventTimeShift + kEventTimeBits, 64u);
}

// The writer passes the whole counter: what does not fit falls off at the top, never into the kind.
TEST(Event, high_time_bits_fall_off) {
  uint64_t tsc = 0xfedcba9876543210u;
  uint64_t e = make_event(EventKind::Exit, 7, tsc);
  EXPECT_EQ(event_time(e), tsc & kEventTimeMask);
  EXPECT_EQ(event_kind(e), EventKind::Exit);
  EXPECT_EQ(event_id_of(e), 7u);
}

TEST(Event, no_event_of_a_function_is_the_empty_word) {
  for (EventKind kind : {EventKind::Entry, EventKind::Exit, EventKind::Unwound})
    EXPECT_NE(make_event(kind, 0, 0), 0u);
  EXPECT_NE(make_event(EventKind::Special, static_cast<uint32_t>(SpecialEvent::Epoch), 0), 0u);
}

TEST(Event, slots_that_differ_have_ids_that_differ) {
  EXPECT_EQ(event_id(0x7f0000001230), 0x00000123u);
  EXPECT_NE(event_id(0x7f0000001230), event_id(0x7f0000001240));
  EXPECT_EQ(event_id(0xfffffffff0), 0xffffffffu);
  EXPECT_EQ(event_id(0x1000001230), event_id(0x1230)); // 64 GiB apart: the runtime refuses such
}

static_assert(kBlockBytes % kPage == 0);
static_assert(kBlockEvents == (65536 - 32) / 8);
static_assert(offsetof(SessionHeader, rings_used) == 60);
static_assert(offsetof(SessionHeader, tracer) == 80);
static_assert(offsetof(RingHeader, head) == 16 && offsetof(RingHeader, tail) == 24);
static_assert(offsetof(RingHeader, lost) == 32);
static_assert(offsetof(BlockHeader, events) == 20);
static_assert(sizeof(RingHeader) == kPage && sizeof(SessionHeader) <= kPage);
static_assert(sizeof(ClockPair) == 24 && sizeof(LostChunk) == 16 && sizeof(EndChunk) == 24);
static_assert(sizeof(ModuleChunk) % 8 == 0 && sizeof(SiteInfo) % 8 == 0);

// A writer, and a recorder that comes whenever it is `late` blocks behind and takes all but `leaves`. Returns how many
// places were ever written.
unsigned places_used(uint64_t blocks, uint64_t late, uint64_t leaves, uint64_t numbers) {
  auto ring = std::make_unique<RingHeader>();
  std::vector<uint64_t> holds(blocks, ~0ull); // by place: number of the block in it that is not drained yet
  std::vector<bool> used(blocks);
  for (uint64_t head = 0, tail = 0; head < numbers; ++head) {
    if (head - tail >= late || head - tail >= blocks)
      for (; head - tail > leaves; ++tail) {
        uint64_t place = place_of(*ring, tail, blocks);
        EXPECT_EQ(holds[place], tail);
        holds[place] = ~0ull;
      }
    take_warm_place(*ring, head, tail, blocks);
    uint64_t place = place_of(*ring, head, blocks);
    EXPECT_EQ(holds[place], ~0ull) << "block " << head;
    holds[place] = head;
    used[place] = true;
  }
  return static_cast<unsigned>(std::count(used.begin(), used.end(), true));
}

TEST(Ring, goes_where_the_recorder_has_been) {
  EXPECT_EQ(places_used(64, 1, 0, 1000), 1u);
  EXPECT_EQ(places_used(64, 2, 1, 1000), 2u);
  EXPECT_EQ(places_used(64, 5, 4, 1000), 5u);
  EXPECT_EQ(places_used(64, 20, 0, 1000), 20u);
  EXPECT_EQ(places_used(64, 20, 7, 1000), 20u);
  EXPECT_EQ(places_used(2, 1, 0, 100), 1u);
  EXPECT_EQ(places_used(kMovableBlocks, 4, 2, 5000), 4u);
}

TEST(Ring, uses_all_of_it_for_a_recorder_that_is_late) {
  for (uint64_t blocks : {2, 3, 7, 64})
    for (uint64_t leaves : {0, 1})
      EXPECT_EQ(places_used(blocks, blocks, leaves, 10 * blocks), blocks);
}

TEST(Ring, that_is_larger_moves_nothing) { EXPECT_EQ(places_used(kMovableBlocks + 1, 1, 0, 100), 100u); }

// Damaged memory leads nowhere outside.
TEST(Ring, place_is_inside_whatever_the_header_says) {
  auto ring = std::make_unique<RingHeader>();
  std::memset(ring->moved, 0xff, sizeof ring->moved);
  for (uint64_t blocks : {2, 3, 64})
    for (uint64_t number = 0; number < 2 * blocks; ++number)
      EXPECT_LT(place_of(*ring, number, blocks), blocks);
}

TEST(Magics, spell_their_names) {
  auto spelt = [](uint64_t magic) {
    std::string s;
    for (; magic; magic >>= 8)
      s += static_cast<char>(magic);
    return s;
  };
  EXPECT_EQ(spelt(kSessionMagic), "LUGESESS");
  EXPECT_EQ(spelt(kFileMagic), "LUGETRC1");
  EXPECT_EQ(spelt(kChunkMagic), "CHNK");
}

} // namespace
} // namespace luge
