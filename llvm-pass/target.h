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

// Of a function with two entries (ppc64 ELFv2): the one for calls from elsewhere, whose code LLVM
// prints between the function label and the first instruction.
struct GlobalEntry {
  std::string label;        // "": this function has one entry
  unsigned data_before = 0; // bytes between prefix and label
  std::string make_local;   // directive: the local entry is here, and not where LLVM has put it
};

struct Target {
  const Layout *layout;
  const char *prefix_nop; // one nop_unit
  bool (*matches)(const llvm::Triple &triple);
  // ENDBR64, BTI c, ...: the sled stands behind it, and behind more of the kind that follow.
  bool (*is_landing_pad)(const llvm::MachineInstr &instruction);
  Convention (*convention)(const llvm::MachineFunction &function);
  // Whether an indirect tail call through this register (LLVM's name; "" where it is no operand)
  // needs the alternate stub. nullptr: none does.
  bool (*needs_alternate_stub)(llvm::StringRef target);
  // Whether the frame is still there in front of this return; nullptr: never.
  bool (*pops_frame)(const llvm::MachineInstr &instruction);
  // What KCFI puts between the prefix data and the label.
  unsigned (*kcfi_size)(const llvm::MachineFunction &function);
  // Bytes at the bottom of a caller's frame before the arguments; of these, room for those that
  // come in registers.
  int64_t frame_header = 0, register_argument_space = 0;
  GlobalEntry (*global_entry)(const llvm::MachineFunction &function) = nullptr;
  // Why this code can have no sleds ("-mabi=...: ..."), or nullptr.
  const char *(*unsupported)(const llvm::MachineFunction &function) = nullptr;
  // Whether the function is in an instruction set of the target that has no sleds; optional.
  bool (*other_code)(const llvm::MachineFunction &function) = nullptr;
  // The register of the alternate stub, where an exit can be in need of that one too.
  const char *exit_alternate = nullptr;
  // Whether the function is in the second of two instruction sets (Layout::second_set_bit).
  bool (*second_set)(const llvm::MachineFunction &function) = nullptr;
  // Whether a record says that no vector register is live at the entry, where that is known.
  bool tells_vectors = false;
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
