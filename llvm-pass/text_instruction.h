// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Our text in machine code: INLINEASM is the one instruction that every target
// can print, that later passes neither remove nor look into, and that needs
// nothing of the target's own tables.
#pragma once

#include <string>

#include "llvm/CodeGen/MachineBasicBlock.h"

namespace luge {

// Labels at the beginning of the texts (sled/text.h), by which later passes know them.
inline constexpr char entry_text[] = ".Lluge_s",
                      exit_text[] = ".Lluge_x",
                      local_prefix_text[] = ".Lluge_p";

bool is_text(const llvm::MachineInstr &instruction, llvm::StringRef what);

void insert_text(llvm::MachineBasicBlock &block, llvm::MachineBasicBlock::iterator where,
                 const std::string &text);

// A label of ours: GC_LABEL, which counts as no instruction.
void insert_label(llvm::MachineBasicBlock &block, llvm::MachineBasicBlock::iterator where,
                  const std::string &name);
bool is_label(const llvm::MachineInstr &instruction);

} // namespace luge
