// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LoongArch encoder of the sled: pure, constexpr, refusing rather than
// truncating; tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/loongarch64/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = loongarch64;

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off;
// false where the branch does not reach. Of B's 26 bits the upper 10 stand below the lower 16.
constexpr bool encode_sled(Flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  int64_t d = static_cast<int64_t>(stub - sled);
  if (d < loongarch64.reach_min || d > loongarch64.reach_max || d % 4)
    return false;
  uint32_t words = static_cast<uint32_t>(d >> 2);
  uint32_t word = on ? 0x50000000 | (words & 0xffff) << 10 | (words >> 16 & 0x3ff) : 0x03400000;
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<uint8_t>(word >> (8 * i));
  return true;
}

// Whether a stub brings its slot in t2 and not in t0.
constexpr bool is_alternate_stub(const uint8_t *stub) { return (stub[0] & 0x1f) == 14; }

} // namespace luge::arch
