// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Encoder of the sled: that of arch/ppc64le in big-endian order.
#pragma once

#include "arch/ppc64/layout.h"
#include "arch/ppc64le/words.h"

namespace luge::arch {

inline constexpr const Layout &layout = ppc64;

constexpr bool encode_sled(Flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  return power::encode_sled(layout, on, sled, stub, out);
}

constexpr bool is_alternate_stub(const uint8_t *stub) { return power::is_alternate_stub(layout, stub); }

} // namespace luge::arch
