// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Big-endian 64-bit PowerPC with ELFv1: arch/ppc64le/layout.h has the picture.
// What differs: a function has one entry, for the caller sets r2 from the
// descriptor. The symbol F names the descriptor in .opd; records name the code,
// and their sections are linked to the text section.
// 64-bit PowerPC ELF ABI Supplement 1.9: 3.2.1 (registers), 3.2.5 (descriptors).
#pragma once

#include "arch/ppc64le/layout.h"

namespace luge {

constexpr Layout make_ppc64() {
  Layout l = ppc64le;
  l.name = "ppc64";
  l.big_endian = true;
  l.global_entry_code = l.entry_distance_max = 0;
  return l;
}

inline constexpr Layout ppc64 = make_ppc64();
static_assert(well_formed(ppc64));

} // namespace luge
