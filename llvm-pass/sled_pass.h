// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The two machine passes; hook.h puts them into the pipeline.
#pragma once

#include <memory>

#include "llvm/CodeGen/MachineFunctionPass.h"

namespace luge {

// Decides for each function and inserts mark and sled. `stock`: ID of the pass whose place in the
// pipeline it takes.
std::unique_ptr<llvm::MachineFunctionPass> make_sled_pass(char &stock);
// Moves mark and sled back to their places when later passes have inserted in front of them.
std::unique_ptr<llvm::MachineFunctionPass> make_pin_pass(char &stock);

} // namespace luge
