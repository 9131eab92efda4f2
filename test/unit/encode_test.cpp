// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sled's two states on architectures whose encoder is one header: every arch/NAME/encode.h has the
// same names, so each is included under a namespace of its own.
#include <array>

#include "gtest/gtest.h"
#include "sled/options.h"

#define arch arch_aarch64
#include "arch/aarch64/encode.h"
#undef arch
#define arch arch_arm
#include "arch/arm/encode.h"
#undef arch
#define arch arch_i386
#include "arch/i386/encode.h"
#undef arch
#define arch arch_loongarch64
#include "arch/loongarch64/encode.h"
#undef arch
#define arch arch_s390x
#include "arch/s390x/encode.h"
#undef arch

namespace luge {
namespace {

template <size_t N> using Bytes = std::array<uint8_t, N>;
constexpr Flavour nop = Flavour::Nop, toggle = Flavour::Toggle;

template <size_t N, class Encode>
constexpr Bytes<N> bytes(Encode encode, Flavour flavour, bool on, uint64_t sled, uint64_t stub) {
  Bytes<N> out = {};
  if (!encode(flavour, on, sled, stub, out.data()))
    return {};
  return out;
}

#define SLED(name, size, ...) bytes<size>(arch_##name::encode_sled, __VA_ARGS__)

static_assert(SLED(aarch64, 4, nop, false, 0x1000, 0x2000) == Bytes<4>{0x1f, 0x20, 0x03, 0xd5});
static_assert(SLED(aarch64, 4, nop, true, 0x1000, 0x1010) == Bytes<4>{0x04, 0, 0, 0x14});
static_assert(SLED(aarch64, 4, nop, true, 0x1010, 0x100c) == Bytes<4>{0xff, 0xff, 0xff, 0x17});
static_assert(SLED(aarch64, 4, nop, true, 0, 1 << 27) == Bytes<4>{}, "out of reach");
static_assert(SLED(aarch64, 4, nop, true, 1 << 27, 0) == Bytes<4>{0, 0, 0, 0x16});
constexpr uint8_t adr_x9[] = {0x09, 0, 0, 0x10}, adr_x16[] = {0x10, 0, 0, 0x10};
static_assert(arch_aarch64::is_alternate_stub(adr_x16) && !arch_aarch64::is_alternate_stub(adr_x9));

static_assert(SLED(arm, 4, nop, false, 0x1000, 0x2000) == Bytes<4>{0x00, 0xf0, 0x20, 0xe3});
static_assert(SLED(arm, 4, nop, false, 0x1000, 0x2004) == Bytes<4>{0xaf, 0xf3, 0x00, 0x80}, "Thumb");
static_assert(SLED(arm, 4, nop, true, 0x1000, 0x1010) == Bytes<4>{0x02, 0, 0, 0xea});
static_assert(SLED(arm, 4, nop, true, 0x1014, 0x1010) == Bytes<4>{0xfd, 0xff, 0xff, 0xea});
static_assert(SLED(arm, 4, nop, true, 0x1000, 0x1014) == Bytes<4>{0x00, 0xf0, 0x08, 0xb8});
static_assert(SLED(arm, 4, nop, true, 0x1018, 0x1014) == Bytes<4>{0xff, 0xf7, 0xfc, 0xbf});
static_assert(SLED(arm, 4, nop, true, 4, 0x800004) == Bytes<4>{0xff, 0xf3, 0xfe, 0xb7}, "J1, J2: as the sign");
static_assert(SLED(arm, 4, nop, true, 0, 1 << 24) == Bytes<4>{0xfe, 0xff, 0x3f, 0xea});
static_assert(SLED(arm, 4, nop, true, 0, (1 << 24) + 4) == Bytes<4>{}, "out of reach");
static_assert(SLED(arm, 4, nop, true, (1 << 24), 4) == Bytes<4>{0x00, 0xf4, 0x00, 0x90});
static_assert(SLED(arm, 4, nop, true, 0, 0x1002) == Bytes<4>{}, "no sled's stub is there");
static_assert(body_address(arm, 0x1008) == 0x1004 && body_address(arm, 0x100c) == 0x1009, "Thumb: bit 0");

static_assert(SLED(loongarch64, 4, nop, false, 0x1000, 0x2000) == Bytes<4>{0, 0, 0x40, 0x03});
static_assert(SLED(loongarch64, 4, nop, true, 0x1000, 0x1010) == Bytes<4>{0, 0x10, 0, 0x50});
static_assert(SLED(loongarch64, 4, nop, true, 0x1010, 0x100c) == Bytes<4>{0xff, 0xff, 0xff, 0x53});
static_assert(SLED(loongarch64, 4, nop, true, 0, 0x40000) == Bytes<4>{1, 0, 0, 0x50}, "upper bits lie lowest");
static_assert(SLED(loongarch64, 4, nop, true, 0, 1 << 27) == Bytes<4>{}, "out of reach");
static_assert(SLED(loongarch64, 4, nop, true, 0, 0x1002) == Bytes<4>{}, "no instruction begins there");

static_assert(SLED(i386, 5, nop, false, 0x1000, 0x2000) == Bytes<5>{0x0f, 0x1f, 0x44, 0, 0});
static_assert(SLED(i386, 5, nop, true, 0x1000, 0x2000) == Bytes<5>{0xe9, 0xfb, 0x0f, 0, 0});
static_assert(SLED(i386, 5, toggle, false, 0x1000, 0x2000) == Bytes<5>{0x3d, 0xfb, 0x0f, 0, 0});
static_assert(SLED(i386, 5, toggle, true, 0xf0000000, 0x1000) == Bytes<5>{0xe9, 0xfb, 0x0f, 0, 0x10}, "wraps");
static_assert(SLED(i386, 5, toggle, true, 0x100000000, 0x1000) == Bytes<5>{}, "no address");

static_assert(SLED(s390x, 6, nop, false, 0x1000, 0x2000) == Bytes<6>{0xc0, 0x04, 0, 0, 0, 0});
static_assert(SLED(s390x, 6, nop, true, 0x1000, 0x2000) == Bytes<6>{0xc0, 0xf4, 0, 0, 0x08, 0});
static_assert(SLED(s390x, 6, toggle, false, 0x1000, 0x2000) == Bytes<6>{0xc0, 0x04, 0, 0, 0x08, 0});
static_assert(SLED(s390x, 6, toggle, true, 0x1002, 0x1000) == Bytes<6>{0xc0, 0xf4, 0xff, 0xff, 0xff, 0xff});
static_assert(SLED(s390x, 6, toggle, true, 0, 0x100000000) == Bytes<6>{}, "out of reach");
static_assert(SLED(s390x, 6, toggle, true, 0, 0x1001) == Bytes<6>{}, "no instruction begins there");

TEST(Align, is_a_power_of_two) {
  for (const char *good : {"align=1", "align=8", "align=4096"}) {
    Options o;
    EXPECT_FALSE(set_options(o, good));
    EXPECT_FALSE(finish_options(o, aarch64)) << good;
  }
  for (const char *bad : {"align=0", "align=12", "align=8192"}) {
    Options o;
    EXPECT_FALSE(set_options(o, bad));
    EXPECT_EQ(finish_options(o, aarch64).value_or(""), std::string(bad) + ": want a power of two up to 4096");
  }
}

} // namespace
} // namespace luge
