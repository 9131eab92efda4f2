// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ARM and Thumb-2: names of LLVM's ARM back end, and its calling conventions.
#include "target.h"

#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/arm/layout.h"

namespace luge {
namespace {

using namespace llvm;

bool is_arm(const Triple &triple) {
  return (triple.getArch() == Triple::arm || triple.getArch() == Triple::thumb) &&
         triple.isOSBinFormatELF();
}

bool has(const MachineFunction &mf, StringRef feature) {
  return mf.getSubtarget().checkFeatures(feature.str());
}

bool is_thumb(const MachineFunction &mf) { return has(mf, "+thumb-mode"); }

const char *unsupported(const MachineFunction &mf) {
  if (has(mf, "+mclass"))
    return "M profile: sleds are for the A and R profiles of ARM only; compile this file without "
           "the plugin";
  if (is_thumb(mf) && !has(mf, "+thumb2"))
    return "-mthumb: this architecture has no Thumb-2, whose branches a sled needs; use -marm or "
           "-march=armv7-a, or compile this file without the plugin";
  return nullptr;
}

bool is_landing_pad(const MachineInstr &) { return false; }

// The stub changes no register, so that none has to be free.
Convention convention(const MachineFunction &machine_function) {
  const Function &f = machine_function.getFunction();
  if (f.hasFnAttribute("interrupt"))
    return Convention::Special;
  switch (unsigned(f.getCallingConv())) {
  case CallingConv::C:
  case CallingConv::Cold:
  case CallingConv::Fast:
  case CallingConv::ARM_AAPCS:
  case CallingConv::ARM_AAPCS_VFP:
    return Convention::Platform;
  default:
    return Convention::Special;
  }
}

// LDMIA_RET, t2LDMIA_RET, tPOP_RET: pop {..., pc}.
bool pops_frame(const MachineInstr &instruction) {
  StringRef name = opcode_name(instruction);
  return name.contains("LDMIA_RET") || name == "tPOP_RET";
}

unsigned kcfi_size(const MachineFunction &) { return 4; }

constexpr Target targets[] = {
    {&arm, "\x00\xf0\x20\xe3", is_arm, is_landing_pad, convention, nullptr, pops_frame, kcfi_size, 0, 0,
     nullptr, unsupported, nullptr, nullptr, is_thumb},
};

} // namespace

extern const TargetFamily arm_targets = {targets, std::size(targets)};

} // namespace luge
