// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The marker is FENTRY_CALL, which targets print only in a function with
// -mfentry, told from such by a flag that has no meaning there. Not INLINEASM,
// at which tail merging stops and which it orphans, nor a pseudo with more
// operands, which the verifier rejects.
#include "exits.h"

#include "llvm/CodeGen/MachineInstrBuilder.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

#include "sled/record.h"
#include "text_instruction.h"
#include "unit.h"

namespace luge {
namespace {

using namespace llvm;

constexpr auto marker_flag = MachineInstr::FmNoNans;

bool is_marker(const MachineInstr &instruction) {
  return instruction.getOpcode() == TargetOpcode::FENTRY_CALL && instruction.getFlag(marker_flag);
}

bool leaves(const MachineInstr &instruction) {
  return instruction.isReturn() && !instruction.isEHScopeReturn();
}

// Of an indirect tail call: the register that holds the target, else nothing.
Register target_register(const MachineInstr &call) {
  for (const MachineOperand &operand : call.explicit_operands()) {
    if (operand.isGlobal() || operand.isSymbol() || operand.isMCSymbol())
      return {};
    if (operand.isReg() && operand.isUse() && operand.getReg())
      return operand.getReg();
  }
  return {};
}

bool is_direct(const MachineInstr &call) {
  for (const MachineOperand &operand : call.explicit_operands())
    if (operand.isGlobal() || operand.isSymbol() || operand.isMCSymbol())
      return true;
  return false;
}

bool needs_alternate_stub(const MachineInstr &call, const Target &target) {
  const TargetRegisterInfo &registers = *call.getMF()->getSubtarget().getRegisterInfo();
  Register where = target_register(call);
  return target.needs_alternate_stub &&
         target.needs_alternate_stub(where ? registers.getName(where) : "");
}

SledRequest request_for(const MachineInstr &exit, const Target &target, const SledRequest &entry,
                        unsigned id) {
  bool unpopped = target.pops_frame && target.pops_frame(exit);
  if (!exit.isCall() || unpopped) // riscv: a call of __riscv_restore_N returns
    return exit_request(entry, id, LUGE_SITE_RETURN, unpopped, false);
  bool direct = is_direct(exit);
  return exit_request(entry, id, direct ? LUGE_SITE_TAIL_CALL : LUGE_SITE_INDIRECT_TAIL_CALL,
                      unpopped, !direct && needs_alternate_stub(exit, target));
}

void report_conditional(const MachineFunction &mf) {
  error_once(mf.getFunction().getContext(),
             "'" + mf.getName().str() + "' has a conditional return that cannot have a sled; " +
                 "leave it out of exits=on by exclude");
}

} // namespace

void guard_exits(MachineFunction &mf) {
  const MCInstrDesc &marker = mf.getSubtarget().getInstrInfo()->get(TargetOpcode::FENTRY_CALL);
  for (MachineBasicBlock &block : mf)
    for (auto i = block.getFirstTerminator(); i != block.end(); ++i)
      if (leaves(*i))
        BuildMI(block, i, DebugLoc(), marker).setMIFlag(marker_flag);
}

void remove_guards(MachineFunction &mf) {
  for (MachineBasicBlock &block : mf)
    for (auto i = block.begin(); i != block.end();) {
      MachineInstr &instruction = *i++;
      if (is_marker(instruction))
        instruction.eraseFromParent();
    }
}

std::string insert_exits(MachineFunction &mf, const Target &target, const SledRequest &entry,
                         unsigned &next_id) {
  std::string elsewhere;
  for (MachineBasicBlock &block : mf)
    for (auto i = block.getFirstTerminator(); i != block.end(); ++i) {
      if (!leaves(*i))
        continue;
      if (!i->isBarrier())
        report_conditional(mf);
      SledText text(request_for(*i, target, entry, next_id++));
      insert_text(block, i, text.sled());
      elsewhere += text.tail();
      if (i->isBarrier()) // ppc: a dead pseudo may follow
        break;
    }
  return elsewhere;
}

void pin_exits(MachineFunction &mf) {
  for (MachineBasicBlock &block : mf) {
    SmallVector<MachineInstr *, 2> sleds;
    for (MachineInstr &instruction : block)
      if (is_text(instruction, exit_text))
        sleds.push_back(&instruction);
    for (MachineInstr *sled : sleds) {
      auto place = std::next(sled->getIterator());
      while (place != block.end() && !place->isReturn())
        ++place;
      if (place != block.end() && place != std::next(sled->getIterator()))
        block.splice(place, &block, sled->getIterator());
    }
  }
}

} // namespace luge
