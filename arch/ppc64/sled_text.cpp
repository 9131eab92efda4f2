// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ppc64 as assembler text: that of arch/ppc64le, with descriptors.
#include "arch/ppc64/layout.h"
#include "arch/ppc64le/text.h"

namespace luge {

extern const Arch ppc64_arch = {
    .layout = ppc64,
    .nops = power::nops,
    .prefix_nops = power::prefix_nops,
    .toggle_off = power::toggle_off,
    .stub = power::stub,
    .stub_reaches_far = true,
    .registration = [] { return power::registration(power::Pointers::ToDescriptor); },
};

} // namespace luge
