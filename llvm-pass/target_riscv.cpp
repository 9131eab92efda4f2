// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RISC-V: names of LLVM's RISCV back end, and its calling conventions.
#include "target.h"

#include <algorithm>

#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/riscv64/layout.h"

namespace luge {
namespace {

using namespace llvm;

bool is_riscv64(const Triple &triple) {
  return triple.getArch() == Triple::riscv64 && triple.isOSBinFormatELF();
}

// LPAD is AUIPC to x0; the back end has it since LLVM 20, inserted behind our text.
bool is_lpad(const MachineInstr &instruction) {
  const MachineFunction &mf = *instruction.getMF();
  return opcode_name(instruction) == "AUIPC" &&
         StringRef(mf.getSubtarget().getRegisterInfo()->getName(
             instruction.getOperand(0).getReg())) == "X0";
}

bool is_one_of(StringRef name, std::initializer_list<StringRef> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// An argument register of C: a0-a7, fa0-fa7, v8-v23.
bool is_c_argument(StringRef name) {
  unsigned number = 0;
  StringRef digits = name.drop_front().take_while([](char c) { return c >= '0' && c <= '9'; });
  return !digits.getAsInteger(10, number) && (name[0] == 'V' || (number >= 10 && number <= 17));
}

// fastcc goes on in t3-t6 and ft0-ft11 where C would use the stack.
Convention by_live_registers(const MachineFunction &mf) {
  const TargetRegisterInfo &registers = *mf.getSubtarget().getRegisterInfo();
  Convention worst = Convention::Platform;
  for (const auto &live : mf.getRegInfo().liveins()) {
    StringRef name = registers.getName(live.first);
    if (is_one_of(name, {"X5", "X28", "X29"}))
      return Convention::NoScratch;
    if (!is_c_argument(name))
      worst = Convention::Special;
  }
  return worst;
}

// The stub needs t0, t3 and t4.
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
  default: // GHC and others
    return Convention::NoScratch;
  }
}

bool needs_alternate_stub(StringRef target) { return target == "X28"; } // t3

// -msave-restore.
bool pops_frame(const MachineInstr &instruction) {
  if (opcode_name(instruction) != "PseudoTAIL" || !instruction.getNumOperands())
    return false;
  const MachineOperand &callee = instruction.getOperand(0);
  return callee.isSymbol() && StringRef(callee.getSymbolName()).substr(0, 16) == "__riscv_restore_";
}

unsigned kcfi_size(const MachineFunction &) { return 4; }

constexpr Target targets[] = {
    {&riscv64, "\x13\0\0\0", is_riscv64, is_lpad, convention,
     needs_alternate_stub, pops_frame, kcfi_size},
};

} // namespace

extern const TargetFamily riscv_targets = {targets, std::size(targets)};

} // namespace luge
