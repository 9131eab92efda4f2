// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// s390x: names of LLVM's SystemZ back end, and its calling conventions. Its
// post-RA scheduler runs in PreEmit and moves the sled like any instruction:
// the pin pass puts it back.
#include "target.h"

#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/s390x/layout.h"

namespace luge {
namespace {

using namespace llvm;

bool is_s390x(const Triple &triple) {
  return triple.getArch() == Triple::systemz && triple.isOSBinFormatELF();
}

bool is_landing_pad(const MachineInstr &) { return false; }

// The stub needs r14's place and r1; both are free in every convention that LLVM has here but
// GHC's, which passes arguments in call-saved registers and has no return address.
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
    return Convention::Special;
  default:
    return Convention::NoScratch;
  }
}

unsigned kcfi_size(const MachineFunction &) { return 4; }

constexpr Target targets[] = {
    {&s390x, "\x07\x00", is_s390x, is_landing_pad, convention, nullptr, nullptr, kcfi_size},
};

} // namespace

extern const TargetFamily systemz_targets = {targets, std::size(targets)};

} // namespace luge
