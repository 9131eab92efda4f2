// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AArch64 encoder of the sled: pure, constexpr, refusing rather than
// truncating; tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/aarch64/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = aarch64;

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off;
// false where the branch does not reach.
constexpr bool encode_sled(Flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  int64_t d = static_cast<int64_t>(stub - sled);
  if (d < aarch64.reach_min || d > aarch64.reach_max || d % 4)
    return false;
  uint32_t word = on ? 0x14000000 | (static_cast<uint32_t>(d >> 2) & 0x03ffffff) : 0xd503201f;
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<uint8_t>(word >> (8 * i));
  return true;
}

// Whether a stub brings its slot in x16 and not in x9.
constexpr bool is_alternate_stub(const uint8_t *stub) { return (stub[0] & 0x1f) == 16; }

} // namespace luge::arch
