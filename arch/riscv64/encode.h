// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RISC-V encoder of the sled: pure, constexpr, refusing rather than
// truncating; tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/riscv64/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = riscv64;

// J-type: imm[20|10:1|11|19:12] in bits 31..12.
constexpr uint32_t jump(int64_t d) {
  uint32_t v = static_cast<uint32_t>(d);
  return 0x6f | (v >> 20 & 1) << 31 | (v >> 1 & 0x3ff) << 21 | (v >> 11 & 1) << 20 |
         (v >> 12 & 0xff) << 12;
}

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off;
// false where the branch does not reach.
constexpr bool encode_sled(Flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  int64_t d = static_cast<int64_t>(stub - sled);
  if (d < riscv64.reach_min || d > riscv64.reach_max || d % 2)
    return false;
  uint32_t word = on ? jump(d) : 0x00000013;
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<uint8_t>(word >> (8 * i));
  return true;
}

// Whether the stub's last instruction is `jr t4`: it leaves t3 alone.
constexpr bool is_alternate_stub(const uint8_t *stub) {
  return stub[16] == 0x67 && stub[17] == 0x80 && stub[18] == 0x0e;
}

} // namespace luge::arch
