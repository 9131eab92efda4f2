// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MIPS encoder of the sled, for both ABIs: pure, constexpr, refusing rather
// than truncating; tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/mips64el/layout.h"

namespace luge::mips {

// The word that branches from `sled` to `stub`; 0 where neither b nor j does.
constexpr uint32_t branch(uint64_t sled, uint64_t stub) {
  int64_t d = static_cast<int64_t>(stub - sled);
  if (d % 4)
    return 0;
  if (d >= mips64el.reach_min && d <= mips64el.reach_max)
    return 0x10000000 | (static_cast<uint32_t>((d - 4) >> 2) & 0xffff);
  constexpr uint64_t region = ~uint64_t{0x0fffffff};
  if (((sled + 4) & region) == (stub & region))
    return 0x08000000 | (static_cast<uint32_t>(stub >> 2) & 0x03ffffff);
  return 0;
}

// The toggle_size bytes of a sled: the second word is the delay slot's NOP.
constexpr bool encode_sled(bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  uint32_t word = branch(sled, stub);
  if (!word)
    return false;
  for (int i = 0; i < 8; ++i)
    out[i] = i < 4 && on ? static_cast<uint8_t>(word >> (8 * i)) : 0;
  return true;
}

// Whether the stub begins with `or $24, $31, $0` (03e0c025).
constexpr bool is_alternate_stub(const uint8_t *stub) {
  return stub[0] == 0x25 && stub[1] == 0xc0 && stub[2] == 0xe0 && stub[3] == 0x03;
}

} // namespace luge::mips
