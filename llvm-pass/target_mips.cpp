// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MIPS, n64 and o32: names of LLVM's Mips back end, and its calling conventions.
#include "target.h"

#include <algorithm>

#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/mips64el/layout.h"
#include "arch/mipsel/layout.h"

namespace luge {
namespace {

using namespace llvm;

bool is_n64(const Triple &triple) {
  return triple.getArch() == Triple::mips64el && triple.isOSBinFormatELF() &&
         triple.getEnvironment() != Triple::GNUABIN32;
}

bool is_o32(const Triple &triple) {
  return triple.getArch() == Triple::mipsel && triple.isOSBinFormatELF();
}

// o32 PIC: lui, addiu $2 with _gp_disp, which means the distance from there; put first by
// MipsBranchExpansion, behind our text.
bool is_gp_setup(const MachineInstr &instruction) {
  for (const MachineOperand &operand : instruction.operands())
    if (operand.isSymbol() && StringRef(operand.getSymbolName()) == "_gp_disp")
      return true;
  return false;
}

bool is_one_of(StringRef name, std::initializer_list<StringRef> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// An argument register of C: a0-a7 ($4-$11) and f12-f19, t9 and the half of gp in $2.
bool is_c_argument(StringRef name) {
  return is_one_of(name, {
      "A0",     "A1",     "A2",     "A3",     "A0_64",  "A1_64",  "A2_64",  "A3_64",  "T0_64", "T1_64",
      "T2_64",  "T3_64",  "T9",     "T9_64",  "V0",     "F12",    "F13",    "F14",    "F15",   "F16",
      "F17",    "F18",    "F19",    "D6",     "D7",     "D12_64", "D13_64", "D14_64", "D15_64",
      "D16_64", "D17_64", "D18_64", "D19_64"});
}

// fastcc goes on in other registers where C would use the stack.
Convention by_live_registers(const MachineFunction &mf) {
  const TargetRegisterInfo &registers = *mf.getSubtarget().getRegisterInfo();
  for (const auto &live : mf.getRegInfo().liveins())
    if (!is_c_argument(registers.getName(live.first)))
      return Convention::NoScratch;
  return Convention::Platform;
}

// The stub needs $12-$14, or $24, $2 and $3.
Convention convention(const MachineFunction &machine_function) {
  const Function &f = machine_function.getFunction();
  if (f.hasFnAttribute("interrupt"))
    return Convention::NoScratch;
  switch (unsigned(f.getCallingConv())) {
  case CallingConv::C:
  case CallingConv::Cold:
    return Convention::Platform;
  case CallingConv::Fast:
    return by_live_registers(machine_function);
  default:
    return Convention::NoScratch;
  }
}

bool other_code(const MachineFunction &mf) {
  const Function &f = mf.getFunction();
  StringRef features = mf.getSubtarget().getFeatureString();
  return f.hasFnAttribute("mips16") || f.hasFnAttribute("micromips") ||
         features.contains("+mips16") || features.contains("+micromips");
}

unsigned kcfi_size(const MachineFunction &) { return 4; }

bool needs_alternate_stub(StringRef target) {
  return is_one_of(target, {"T4", "T5", "T6", "T4_64", "T5_64", "T6_64"});
}

// pops_frame: never. The filler of delay slots stops at the text of the sled.
constexpr Target targets[] = {
    {&mips64el, "\0\0\0\0", is_n64, is_gp_setup, convention, needs_alternate_stub, nullptr,
     kcfi_size, 0, 0, nullptr, nullptr, other_code},
    {&mipsel, "\0\0\0\0", is_o32, is_gp_setup, convention, needs_alternate_stub, nullptr,
     kcfi_size, 0, 16, nullptr, nullptr, other_code}, // o32: room for $4-$7
};

} // namespace

extern const TargetFamily mips_targets = {targets, std::size(targets)};

} // namespace luge
