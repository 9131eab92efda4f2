// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LoongArch: names of LLVM's back end, and its calling conventions.
#include "target.h"

#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/loongarch64/layout.h"

namespace luge {
namespace {

using namespace llvm;

bool is_loongarch64(const Triple &triple) {
  return triple.getArchName() == "loongarch64" && triple.isOSBinFormatELF();
}

bool is_landing_pad(const MachineInstr &) { return false; }

// The stub needs t0 and t1. fastcc is C here; GHC passes arguments in registers that C keeps.
Convention convention(const MachineFunction &machine_function) {
  const Function &f = machine_function.getFunction();
  switch (unsigned(f.getCallingConv())) {
  case CallingConv::C:
  case CallingConv::Cold:
  case CallingConv::Fast:
    return Convention::Platform;
  default:
    return Convention::NoScratch;
  }
}

// t0 and t1, by LLVM's names.
bool needs_alternate_stub(StringRef target) { return target == "R12" || target == "R13"; }

unsigned kcfi_size(const MachineFunction &) { return 4; }

constexpr Target targets[] = {
    {&loongarch64, "\x00\x00\x40\x03", is_loongarch64, is_landing_pad, convention,
     needs_alternate_stub, nullptr, kcfi_size},
};

} // namespace

extern const TargetFamily loongarch_targets = {targets, std::size(targets)};

} // namespace luge
