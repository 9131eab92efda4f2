// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i386 encoder of the sled: pure, constexpr; tested on every host. layout.h has
// the picture.
#pragma once

#include <cstdint>

#include "arch/i386/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = i386;

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off.
// Addresses wrap at 4 GiB, so that every branch reaches; false where one is no address.
constexpr bool encode_sled(Flavour flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  if ((sled | stub) >> 32)
    return false;
  constexpr uint8_t nop[5] = {0x0f, 0x1f, 0x44, 0x00, 0x00};
  uint32_t d = static_cast<uint32_t>(stub - (sled + 5));
  out[0] = on ? 0xe9 : 0x3d; // jmp; cmp $imm32, %eax
  for (int i = 1; i < 5; ++i)
    out[i] = static_cast<uint8_t>(d >> (8 * (i - 1)));
  for (int i = 0; i < 5 && flavour == Flavour::Nop && !on; ++i)
    out[i] = nop[i];
  return true;
}

constexpr bool is_alternate_stub(const uint8_t *) { return false; } // there is none

} // namespace luge::arch
