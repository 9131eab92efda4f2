// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MIPS o32: the text of n64 with 4-byte pointers.
#include "arch/mips64el/text.h"
#include "arch/mipsel/layout.h"

namespace luge {

extern const Arch mipsel_arch = {
    .layout = mipsel,
    .nops = mips::nops,
    .prefix_nops = mips::prefix_nops,
    .toggle_off = mips::toggle_off,
    .stub = [](const StubText &s) { return mips::stub(s, mips::o32); },
    .stub_reaches_far = false,
    .registration = [] { return mips::registration(mipsel, mips::o32); },
    .no_relocation = "R_MIPS_NONE", // LLVM 14 knows no other name
};

} // namespace luge
