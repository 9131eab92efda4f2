// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is the same in the assembler text of n64 and o32.
#pragma once

#include <string>
#include <vector>

#include "sled/arch.h"

namespace luge::mips {

struct Abi {
  const char *add, *add_immediate, *load, *store, *word; // of a pointer
  bool fifth_on_stack;                   // argument
};
inline constexpr Abi n64 = {"daddu", "daddiu", "ld", "sd", ".dword", false};
inline constexpr Abi o32 = {"addu", "addiu", "lw", "sw", ".word", true};

std::string nops(unsigned size);
std::string prefix_nops(unsigned count);
std::string toggle_off(const std::string &);
std::string stub(const StubText &stub, const Abi &abi);
std::string registration(const Layout &layout, const Abi &abi);

} // namespace luge::mips
