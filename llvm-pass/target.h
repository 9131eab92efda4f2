// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the passes must know of an architecture in LLVM's terms. A port adds a
// file target_<back end>.cpp; encodings stay in arch/<name>/.
#pragma once

#include "llvm/CodeGen/MachineFunction.h"

#include "compat.h"
#include "sled/layout.h"

namespace luge {

enum class Convention {
  Platform,  // arguments, return value and free registers as in C
  Special,   // else, but the stub's scratch register is free at the entry
  NoScratch, // not even that: no stub
};

struct Target {
  const Layout *layout;
  const char *prefix_nop; // one nop_unit
  bool (*matches)(const llvm::Triple &triple);
  // ENDBR64, BTI c, ...: the sled stands behind it.
  bool (*is_landing_pad)(const llvm::MachineInstr &instruction);
  Convention (*convention)(const llvm::MachineFunction &function);
  // Of the register that the stub uses, LLVM's name: an indirect tail call through it needs the
  // alternate stub. nullptr: no indirect tail call can use it.
  const char *exit_scratch;
  // Whether the frame is still there in front of this return; nullptr: never.
  bool (*pops_frame)(const llvm::MachineInstr &instruction);
  // What KCFI puts between the prefix data and the label.
  unsigned (*kcfi_size)(const llvm::MachineFunction &function);
};

struct TargetFamily {
  const Target *targets;
  size_t count;
};

// By name: opcode numbers are private to the target's library.
llvm::StringRef opcode_name(const llvm::MachineInstr &instruction);

const Target *find_target(const llvm::Triple &triple);
// One line without "luge: ", for a triple that find_target does not know.
std::string unsupported_target(const llvm::Triple &triple);

} // namespace luge
