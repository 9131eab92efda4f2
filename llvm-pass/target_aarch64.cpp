// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AArch64: names of LLVM's AArch64 back end, and its calling conventions.
#include "target.h"

#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/aarch64/layout.h"

namespace luge {
namespace {

using namespace llvm;

bool is_aarch64(const Triple &triple) {
  return triple.getArch() == Triple::aarch64 && triple.isOSBinFormatELF() &&
         triple.getEnvironment() != Triple::GNUILP32;
}

// BTI is HINT 32 (+2 c, +4 j).
bool is_bti(const MachineInstr &instruction) {
  if (opcode_name(instruction) != "HINT" || !instruction.getOperand(0).isImm())
    return false;
  int64_t hint = instruction.getOperand(0).getImm();
  return hint >= 32 && hint <= 38 && hint % 2 == 0;
}

// The stub needs x9 and x10.
Convention convention(const MachineFunction &machine_function) {
  const Function &f = machine_function.getFunction();
  switch (unsigned(f.getCallingConv())) {
  case CallingConv::C:
  case CallingConv::Cold:
    return Convention::Platform;
  case CallingConv::Fast:
    return machine_function.getTarget().Options.GuaranteedTailCallOpt ? Convention::Special
                                                                      : Convention::Platform;
  case CallingConv::Swift:
  case CallingConv::Tail:
  case compat::cc_swift_tail:
  case CallingConv::AArch64_VectorCall:
  case CallingConv::AArch64_SVE_VectorCall:
    return Convention::Special;
  default: // preserve_most keeps x9-x15; GHC and others pass arguments in them
    return Convention::NoScratch;
  }
}

// x9-x15 are those that the stub and the trampoline use. With BTI the target is in x16 or x17.
bool needs_alternate_stub(StringRef target) {
  for (StringRef r : {"X9", "X10", "X11", "X12", "X13", "X14", "X15"})
    if (target == r)
      return true;
  return false;
}

// AsmPrinter: the bare hash.
unsigned kcfi_size(const MachineFunction &) { return 4; }

constexpr Target targets[] = {
    {&aarch64, "\x1f\x20\x03\xd5", is_aarch64, is_bti, convention, needs_alternate_stub, nullptr, kcfi_size},
};

} // namespace

extern const TargetFamily aarch64_targets = {targets, std::size(targets)};

} // namespace luge
