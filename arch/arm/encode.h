// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ARM and Thumb-2 encoder of the sled: pure, constexpr, refusing rather than
// truncating; tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/arm/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = arm;

constexpr uint32_t arm_branch(int64_t d) {
  return 0xea000000 | (static_cast<uint32_t>((d - 8) >> 2) & 0x00ffffff);
}

// B.W, encoding T4, as the two halfwords lie in memory. Bits 23 and 22 of the distance are kept
// inverted against its sign.
constexpr uint32_t thumb_branch(int64_t d) {
  uint32_t v = static_cast<uint32_t>(d - 4), sign = v >> 24 & 1;
  uint32_t first = 0xf000 | sign << 10 | (v >> 12 & 0x3ff);
  uint32_t j1 = (v >> 23 & 1) ^ sign ^ 1, j2 = (v >> 22 & 1) ^ sign ^ 1;
  return first | (0x9000 | j1 << 13 | j2 << 11 | (v >> 1 & 0x7ff)) << 16;
}

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off;
// false where the branch does not reach. The stub's address says which instruction set it is.
constexpr bool encode_sled(Flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  int64_t d = static_cast<int64_t>(stub - sled);
  if (d < arm.reach_min || d > arm.reach_max || d % 4 || stub % 4)
    return false;
  bool thumb = stub & arm.second_set_bit;
  uint32_t off = thumb ? 0x8000f3af : 0xe320f000;
  uint32_t word = !on ? off : thumb ? thumb_branch(d) : arm_branch(d);
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<uint8_t>(word >> (8 * i));
  return true;
}

constexpr bool is_alternate_stub(const uint8_t *) { return false; } // there is none

} // namespace luge::arch
