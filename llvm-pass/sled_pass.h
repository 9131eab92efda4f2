// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The two machine passes; hook.h puts them into the pipeline.
#pragma once

#include <memory>

#include "llvm/CodeGen/MachineFunctionPass.h"

namespace luge {

// Decides for each function and inserts mark and sled. `before`: the stock pass that must have
// run (the one whose place in the pipeline we take).
std::unique_ptr<llvm::MachineFunctionPass> make_sled_pass(const void *before);
// Moves mark and sled back to their places when later passes have inserted in front of them.
std::unique_ptr<llvm::MachineFunctionPass> make_pin_pass(const void *before);

} // namespace luge
