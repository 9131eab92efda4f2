// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "target.h"

#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

namespace luge {

using namespace llvm;

#define TARGETS(name) extern const TargetFamily name##_targets;
#include "targets.def" // generated: a line for each file target_NAME.cpp
#undef TARGETS

namespace {

const TargetFamily *const families[] = {
#define TARGETS(name) &name##_targets,
#include "targets.def"
#undef TARGETS
};

} // namespace

StringRef opcode_name(const MachineInstr &instruction) {
  const MachineFunction &function = *instruction.getMF();
  return function.getSubtarget().getInstrInfo()->getName(instruction.getOpcode());
}

const Target *find_target(const Triple &triple) {
  for (const TargetFamily *family : families)
    for (size_t i = 0; i < family->count; ++i)
      if (family->targets[i].matches(triple))
        return &family->targets[i];
  return nullptr;
}

std::string unsupported_target(const Triple &triple) {
  std::string text = "target '" + triple.str() + "' is not supported; supported:";
  for (const TargetFamily *family : families)
    for (size_t i = 0; i < family->count; ++i)
      text += std::string(" ") + family->targets[i].layout->name;
  return text + " (ELF)";
}

} // namespace luge
