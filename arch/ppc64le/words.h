// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PowerPC encoder of the sled, for both byte orders: pure, constexpr, refusing
// rather than truncating; tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/ppc64le/layout.h"

namespace luge::power {

constexpr void store_word(const Layout &layout, uint32_t word, uint8_t *out) {
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<uint8_t>(word >> (layout.big_endian ? 24 - 8 * i : 8 * i));
}

constexpr bool encode_sled(const Layout &layout, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  int64_t d = static_cast<int64_t>(stub - sled);
  if (d < layout.reach_min || d > layout.reach_max || d % 4)
    return false;
  store_word(layout, on ? 0x48000000 | (static_cast<uint32_t>(d) & 0x03fffffc) : 0x60000000, out);
  return true;
}

// The alternate stub begins with `mfctr 0`, the usual one with `mflr 0`.
constexpr bool is_alternate_stub(const Layout &layout, const uint8_t *stub) {
  uint8_t mfctr_0[4] = {};
  store_word(layout, 0x7c0902a6, mfctr_0);
  for (int i = 0; i < 4; ++i)
    if (stub[i] != mfctr_0[i])
      return false;
  return true;
}

} // namespace luge::power
