// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MIPS o32: as n64 but for the size of a pointer; arch/mips64el/layout.h has the picture.
#pragma once

#include "arch/mips64el/layout.h"

namespace luge {

inline constexpr Layout mipsel = mips_layout("mipsel", 4);
static_assert(well_formed(mipsel));

} // namespace luge
