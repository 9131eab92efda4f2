// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 64-bit PowerPC as assembler text: what ppc64le and ppc64 have in common.
#pragma once

#include "sled/arch.h"

namespace luge::power {

enum class Pointers { ToCode, ToDescriptor }; // what a function pointer names

std::string nops(unsigned size);
std::string prefix_nops(unsigned count);
std::string toggle_off(const std::string &stub);
std::string stub(const StubText &s);
std::string registration(Pointers pointers);

} // namespace luge::power
