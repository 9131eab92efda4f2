// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The machine passes; hook.h puts them into the pipeline.
#pragma once

#include <memory>

#include "llvm/CodeGen/MachineFunctionPass.h"

namespace luge {

// Keeps later passes from making conditional returns where exits=on wants a sled.
std::unique_ptr<llvm::MachineFunctionPass> make_guard_pass(char &stock);
// Decides for each function and inserts mark and sled. `stock`: ID of the pass whose place in the
// pipeline it takes.
std::unique_ptr<llvm::MachineFunctionPass> make_sled_pass(char &stock);
// Moves mark and sleds back to their places when later passes have inserted in front of them.
std::unique_ptr<llvm::MachineFunctionPass> make_pin_pass(char &stock);

} // namespace luge
