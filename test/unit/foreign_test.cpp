// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arch/x86_64/foreign.h: what compilers without the plugin leave at an entry, byte by byte.
#include "arch/x86_64/foreign.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>

namespace luge::arch {
namespace {

using Bytes = std::vector<uint8_t>;

unsigned nop(const Bytes &b) {
  volatile size_t size = b.size(); // gcc 12 sees reads behind the end in code that is not reached
  return nop_length(b.data(), size);
}
ForeignEntry decode(const Bytes &b) { return decode_foreign(b.data(), b.size()); }

TEST(Foreign, EveryNopThatAssemblersWrite) {
  EXPECT_EQ(nop({0x90}), 1u);
  EXPECT_EQ(nop({0x66, 0x90}), 2u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x00}), 3u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0xc0}), 3u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x40, 0x08}), 4u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x44, 0x00, 0x08}), 5u);
  EXPECT_EQ(nop({0x66, 0x0f, 0x1f, 0x44, 0x00, 0x02}), 6u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x80, 0, 2, 0, 0}), 7u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x05, 0, 2, 0, 0}), 7u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x84, 0x00, 0, 2, 0, 0}), 8u);
  EXPECT_EQ(nop({0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 2, 0, 0}), 10u);
  EXPECT_EQ(nop({0x66, 0x66, 0x66, 0x66, 0x66, 0x2e, 0x66, 0x0f, 0x1f, 0x84, 0, 0, 2, 0, 0}), 15u);
}

TEST(Foreign, WhatIsNoNop) {
  EXPECT_EQ(nop({}), 0u);
  EXPECT_EQ(nop({0xf3, 0x90}), 0u);             // pause
  EXPECT_EQ(nop({0x2e, 0x90}), 0u);             // written by no assembler
  EXPECT_EQ(nop({0x66}), 0u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x48, 0x00}), 0u); // another number in the reg field
  EXPECT_EQ(nop({0x0f, 0x1e, 0xfa}), 0u);
  EXPECT_EQ(nop({0xc3}), 0u);
  EXPECT_EQ(nop({0x55, 0x48, 0x89, 0xe5}), 0u);
  // cut off: one byte short of each of the above
  EXPECT_EQ(nop({0x0f, 0x1f, 0x44, 0x00}), 0u);
  EXPECT_EQ(nop({0x0f, 0x1f, 0x84, 0x00, 0, 2, 0}), 0u);
  EXPECT_EQ(nop({0x0f, 0x1f}), 0u);
  EXPECT_EQ(nop(Bytes(16, 0x66)), 0u);
}

TEST(Foreign, GccWritesOneByteNops) {
  ForeignEntry e = decode({0x90, 0x90, 0x90, 0x90, 0x90, 0xc3});
  EXPECT_EQ(e.sled, 0);
  EXPECT_EQ(e.length, 5);
  EXPECT_EQ(e.nops, 5);
  EXPECT_EQ(e.ones, 5);
  EXPECT_FALSE(armed_atomically(0x1000, e)) << "a thread may stand between them";
  e = decode({0xf3, 0x0f, 0x1e, 0xfa, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xc3});
  EXPECT_EQ(e.sled, 4);
  EXPECT_EQ(e.length, 5);
  EXPECT_EQ(e.ones, 7);
}

TEST(Foreign, ClangWritesLongNops) {
  ForeignEntry e = decode({0x0f, 0x1f, 0x44, 0x00, 0x08, 0xc3});
  EXPECT_EQ(e.length, 5);
  EXPECT_EQ(e.nops, 1);
  EXPECT_EQ(e.ones, 0);
  EXPECT_TRUE(armed_atomically(0x1000, e));
  EXPECT_TRUE(armed_atomically(0x1003, e));
  EXPECT_FALSE(armed_atomically(0x1004, e)) << "across an aligned word";
  e = decode({0x0f, 0x1f, 0x80, 0, 2, 0, 0, 0xc3});
  EXPECT_EQ(e.length, 7);
  EXPECT_TRUE(armed_atomically(0x1001, e));
  EXPECT_FALSE(armed_atomically(0x1002, e)) << "its tail is in the next word";
  e = decode({0x66, 0x90, 0x0f, 0x1f, 0x44, 0x00, 0x00});
  EXPECT_EQ(e.length, 7);
  EXPECT_EQ(e.nops, 2);
  EXPECT_FALSE(armed_atomically(0x1000, e));
}

TEST(Foreign, BetweenRecordAndFunction) {
  auto prefix = [](const Bytes &b) {
    volatile size_t size = b.size();
    return is_prefix(b.data(), size);
  };
  EXPECT_TRUE(prefix({0x90, 0x90}));
  EXPECT_TRUE(prefix({0x66, 0x90, 0x0f, 0x1f, 0x00}));
  EXPECT_TRUE(prefix({0x90, 0x90, 0xb8, 1, 2, 3, 4})) << "the hash of -fsanitize=kcfi";
  EXPECT_FALSE(prefix({0xb8, 1, 2, 3, 4, 0x90}));
  EXPECT_FALSE(prefix({0x90, 0xc3}));
  EXPECT_FALSE(prefix({0x0f, 0x1f, 0x40})) << "cut off by the function";
}

TEST(Foreign, TooFewBytes) {
  EXPECT_EQ(decode({0x90, 0x90, 0x90, 0x90, 0x55, 0xc3}).length, 0);
  EXPECT_EQ(decode({0x0f, 0x1f, 0x40, 0x00, 0xc3}).length, 0);
  EXPECT_EQ(decode({0xf3, 0x0f, 0x1e, 0xfa, 0xc3}).length, 0);
  EXPECT_EQ(decode({0x90, 0x90, 0x90}).length, 0);
  EXPECT_EQ(decode({}).length, 0);
  EXPECT_EQ(decode({0xcc, 0x90, 0x90, 0x90, 0x90}).odd, kBreakpoint);
  EXPECT_EQ(decode({0x90, 0x90, 0xcc, 0x90, 0x90}).odd, kBreakpoint);
}

TEST(Foreign, ABranchIntoTheNopsIsSeen) {
  Bytes loop = {0x90, 0x90, 0x90, 0x90, 0x90, 0xeb, 0xfd}; // jmp to the last of the five
  EXPECT_TRUE(branches_into(loop.data(), loop.size(), 0, 5));
  loop[6] = 0xf9; // to the function itself
  EXPECT_FALSE(branches_into(loop.data(), loop.size(), 0, 5));
  loop[6] = 0xfe; // behind the sled
  EXPECT_FALSE(branches_into(loop.data(), loop.size(), 0, 5));
  Bytes far(300, 0x55);
  std::fill_n(far.begin(), 5, 0x90);
  int32_t back = 3 - 206;
  far[200] = 0x0f;
  far[201] = 0x84;
  for (int i = 0; i < 4; ++i)
    far[202 + i] = static_cast<uint8_t>(back >> (8 * i));
  EXPECT_TRUE(branches_into(far.data(), far.size(), 0, 5));
  far[201] = 0x55;
  EXPECT_FALSE(branches_into(far.data(), far.size(), 0, 5));
}

TEST(Foreign, ArmedSledIsTheToggleFormAndNops) {
  for (unsigned length = 5; length <= 19; ++length) {
    ForeignEntry e;
    e.length = static_cast<uint8_t>(length);
    Bytes out(length, 0xff);
    ASSERT_TRUE(encode_armed(0x401000, 0x501000, e, out.data()));
    uint32_t d;
    ASSERT_TRUE(encode_rel32(0x401000, 0x501000, &d));
    EXPECT_EQ(decode_sled(Flavour::Toggle, out.data(), d), SledState::Off);
    size_t at = 5;
    while (at < length) {
      unsigned n = nop_length(out.data() + at, length - at);
      ASSERT_NE(n, 0u) << length;
      at += n;
    }
    EXPECT_EQ(at, length);
  }
  ForeignEntry e;
  e.length = 5;
  uint8_t out[5];
  EXPECT_FALSE(encode_armed(0x401000, 0x401000 + (3ull << 30), e, out));
}

TEST(Foreign, StubKeepsTheLayoutOfOthers) {
  uint8_t stub[kForeignStub];
  constexpr uint64_t at = 0x7f0000001000, slot = at - 0x20000, body = at + 0x123456;
  ASSERT_TRUE(encode_foreign_stub(at, slot, body, stub));
  EXPECT_TRUE(is_foreign_stub(stub));
  auto target = [&](size_t field) {
    uint32_t v = 0;
    for (size_t i = 0; i < 4; ++i)
      v |= static_cast<uint32_t>(stub[field + i]) << (8 * i);
    return at + field + 4 + static_cast<uint64_t>(int64_t{static_cast<int32_t>(v)});
  };
  EXPECT_EQ(target(static_cast<size_t>(layout.stub_slot_ref)), slot);
  EXPECT_EQ(target(32), slot);
  EXPECT_EQ(target(20), body);
  EXPECT_TRUE(is_landing_pad(stub + layout.stub_body_entry));
  EXPECT_EQ(stub[1] + 2, 24); // the first jump leads to the save of r11
  EXPECT_FALSE(encode_foreign_stub(at, at + (3ull << 30), body, stub));
  EXPECT_FALSE(encode_foreign_stub(at, slot, at + (3ull << 30), stub));
}

} // namespace
} // namespace luge::arch
