// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86: names of LLVM's X86 back end, and its calling conventions.
#include "target.h"

#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/i386/layout.h"
#include "arch/x86_64/layout.h"

namespace luge {
namespace {

using namespace llvm;

// x86-64 ELF with 8-byte pointers.
bool is_x86_64(const Triple &triple) {
  return triple.getArch() == Triple::x86_64 && triple.isOSBinFormatELF() &&
         triple.getEnvironment() != Triple::GNUX32 && triple.getEnvironment() != Triple::MuslX32;
}

bool is_i386(const Triple &triple) {
  return triple.getArch() == Triple::x86 && triple.isOSBinFormatELF();
}

// By name: opcode numbers are private to the target's library.
bool is_endbr64(const MachineInstr &instruction) {
  return opcode_name(instruction) == "ENDBR64";
}

bool is_endbr32(const MachineInstr &instruction) {
  return opcode_name(instruction) == "ENDBR32";
}

// The stub needs %r11 and the real-frame trampoline the psABI's argument area and caller-saved
// set. fastcc is C on x86-64 unless the callee pops its arguments.
Convention x86_64_convention(const MachineFunction &machine_function) {
  const Function &f = machine_function.getFunction();
  if (f.hasFnAttribute("no_caller_saved_registers"))
    return Convention::NoScratch;
  switch (unsigned(f.getCallingConv())) {
  case CallingConv::C:
  case CallingConv::Cold:
  case CallingConv::X86_64_SysV:
    return Convention::Platform;
  case CallingConv::Fast:
    return machine_function.getTarget().Options.GuaranteedTailCallOpt ? Convention::Special
                                                                      : Convention::Platform;
  case CallingConv::GHC:
  case CallingConv::PreserveMost: // keeps everything but r11
  case CallingConv::PreserveAll:
  case CallingConv::Swift: // four return registers
  case CallingConv::Tail:  // the callee pops
  case compat::cc_swift_tail:
  case CallingConv::Win64:
  case CallingConv::X86_VectorCall:
  case CallingConv::X86_RegCall:
    return Convention::Special;
  default: // interrupt handlers, HHVM, preserve_none, CXX_FAST_TLS, ...
    return Convention::NoScratch;
  }
}

bool has_register_argument(const Function &f) {
  for (const Argument &argument : f.args())
    if (argument.hasInRegAttr())
      return true;
  return false;
}

// The stub needs no register here. Special: arguments in ecx and edx (fastcc has them too), or
// a callee that pops its arguments.
Convention i386_convention(const MachineFunction &machine_function) {
  const Function &f = machine_function.getFunction();
  if (f.hasFnAttribute("no_caller_saved_registers"))
    return Convention::NoScratch;
  switch (unsigned(f.getCallingConv())) {
  case CallingConv::C:
  case CallingConv::Cold:
    return has_register_argument(f) ? Convention::Special : Convention::Platform;
  case CallingConv::X86_INTR:
    return Convention::NoScratch;
  default:
    return Convention::Special;
  }
}

// X86AsmPrinter::emitKCFITypeId: NOPs, then movl $hash, %eax, ending at the function's alignment.
unsigned kcfi_size(const MachineFunction &function) {
  return unsigned(alignTo(5, function.getAlignment()));
}

bool needs_alternate_stub(StringRef target) { return target == "R11"; }

constexpr Target targets[] = {
    {&x86_64, "\x90", is_x86_64, is_endbr64, x86_64_convention, needs_alternate_stub, nullptr,
     kcfi_size, 0, 0, nullptr, nullptr, nullptr, "R10", nullptr, true},
    {&i386, "\x90", is_i386, is_endbr32, i386_convention, nullptr, nullptr, kcfi_size},
};

} // namespace

extern const TargetFamily x86_targets = {targets, std::size(targets)};

} // namespace luge
