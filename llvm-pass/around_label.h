// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands around the function label besides code: the prefix of
// nops=N,M, and data that LLVM puts there for others.
//
//   [padding][M NOPs][user's prefix data]   prefix data, ours and the user's
//   [KCFI hash]                             at F - 4 with and without M: callers check there
//   [-fsanitize=function, LLVM >= 17]
//   [.quad for the TOC]                     ppc64le -mcmodel=large
//   F:
//   [-fsanitize=function, LLVM <= 16]       prologue data: jumps over itself
//   [global entry code]                     ppc64le; with layout=local the M NOPs follow here
//   mark
//
// Not the attribute "patchable-function-prefix": it comes with a native record
// and moves the KCFI hash of this function while callers look where their own
// prefix says, so that a program with two values of M dies [sleds.md, defect 8].
#pragma once

#include <string>

#include "llvm/CodeGen/MachineFunction.h"

#include "sled/text.h"
#include "target.h"

namespace luge {

// Adds the M NOPs as prefix data, so that the label keeps its alignment. Returns the text that
// defines the prefix's label.
std::string place_prefix(llvm::MachineFunction &function, const Target &target,
                         const GlobalEntry &entry, unsigned nops, const SledText &text);

// Text that defines the function's label by `mark`, the one in front of the code, where data stands
// between the two; "" where they are the same.
std::string place_mark(const llvm::MachineFunction &function, const GlobalEntry &entry,
                       const SledText &text, const std::string &mark);
// Bytes between label and code.
unsigned prologue_data_size(const llvm::Function &function);

} // namespace luge
