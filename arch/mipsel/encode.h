// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Encoder of the sled: MIPS o32.
#pragma once

#include "arch/mips64el/branch.h"
#include "arch/mipsel/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = mipsel;

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off;
// false where no branch reaches.
constexpr bool encode_sled(Flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  return mips::encode_sled(on, sled, stub, out);
}

using mips::is_alternate_stub;

} // namespace luge::arch
