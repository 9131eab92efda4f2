// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Translates what LLVM knows of a function into what policy decides from.
#pragma once

#include <optional>

#include "llvm/CodeGen/MachineFunction.h"

#include "sled/policy.h"
#include "target.h"

namespace luge {

// What the front-end half writes into "llvm.assume" of a function.
inline constexpr char assume_no_instrument[] = "luge:no_instrument_function";
inline constexpr char assume_no_sled[] = "luge:patchable_function_entry(0,0)";
inline constexpr char assume_location[] = "luge:location="; // FILE:LINE and a newline

// The user's own -fpatchable-function-entry=N,M or attribute. Takes it away, so that the stock
// emission does not come in addition.
std::optional<Nops> take_patchable_attribute(llvm::Function &function);

// After PEI, before the sled. `patchable` as taken above.
FunctionFacts function_facts(const llvm::MachineFunction &function, const Target &target,
                             const std::optional<Nops> &patchable);

} // namespace luge
