// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// s390x encoder of the sled: pure, constexpr, refusing rather than truncating;
// tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/s390x/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = s390x;

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off;
// false where the branch does not reach.
constexpr bool encode_sled(Flavour flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  int64_t d = static_cast<int64_t>(stub - sled);
  if (d < s390x.reach_min || d > s390x.reach_max || d % 2)
    return false;
  uint32_t halfwords = flavour == Flavour::Nop && !on ? 0 : static_cast<uint32_t>(d >> 1);
  out[0] = 0xc0;
  out[1] = on ? 0xf4 : 0x04;
  for (int i = 0; i < 4; ++i)
    out[2 + i] = static_cast<uint8_t>(halfwords >> (24 - 8 * i));
  return true;
}

constexpr bool is_alternate_stub(const uint8_t *) { return false; } // there is none

} // namespace luge::arch
