// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Event words and the structures of session and file. Offsets are written down here as well: the
// trampolines know them as numbers.
#include "sled/trace_format.h"

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
static_assert(sizeof(RingHeader) <= kPage && sizeof(SessionHeader) <= kPage);
static_assert(sizeof(ClockPair) == 24 && sizeof(LostChunk) == 16 && sizeof(EndChunk) == 24);
static_assert(sizeof(ModuleChunk) % 8 == 0 && sizeof(SiteInfo) % 8 == 0);

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
