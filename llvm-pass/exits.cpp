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

// Not the return behind the call of __morestack (-fsplit-stack): that function returns behind it,
// counting its one byte, when it starts the body, and to it when the body has been left.
// XRay's stand-in for a tail call is neither a return nor a terminator.
bool leaves(const MachineInstr &instruction) {
  if (instruction.getOpcode() == TargetOpcode::PATCHABLE_TAIL_CALL)
    return true;
  return instruction.isReturn() && !instruction.isEHScopeReturn() &&
         !opcode_name(instruction).contains("MORESTACK_RET");
}

// XRay's stand-ins do not say that nothing falls through them.
bool is_conditional(const MachineInstr &exit) {
  return !exit.isBarrier() && exit.getOpcode() != TargetOpcode::PATCHABLE_RET &&
         exit.getOpcode() != TargetOpcode::PATCHABLE_TAIL_CALL;
}

template <class Wanted> bool reads(const MachineInstr &exit, Wanted wanted) {
  const TargetRegisterInfo &registers = *exit.getMF()->getSubtarget().getRegisterInfo();
  for (const MachineOperand &operand : exit.operands())
    if (operand.isReg() && operand.isUse() && operand.getReg() &&
        wanted(StringRef(registers.getName(operand.getReg()))))
      return true;
  return false;
}

bool always_alternate(const Target &target) {
  return target.needs_alternate_stub && target.needs_alternate_stub("");
}

// Whether the stub's scratch register has the target, or a part of its address. Implicit operands
// count: a retpoline names a thunk, and its target is in a register beside that; behind KCFI the
// call is in a bundle.
bool reads_scratch(const MachineInstr &exit, const Target &target) {
  return target.needs_alternate_stub && !always_alternate(target) &&
         reads(exit, target.needs_alternate_stub);
}

// A function by name, also where the call goes through the GOT; not a pointer at a fixed address.
bool is_direct(const MachineInstr &call, const Target &target) {
  if (reads_scratch(call, target))
    return false;
  for (const MachineOperand &operand : call.explicit_operands()) {
    if (operand.isGlobal())
      return isa<Function>(operand.getGlobal()->stripPointerCastsAndAliases());
    if (operand.isSymbol() || operand.isMCSymbol())
      return true;
  }
  return false;
}

SledRequest request_for(const MachineInstr &exit, const Target &target, const SledRequest &entry,
                        unsigned id) {
  bool unpopped = target.pops_frame && target.pops_frame(exit);
  if (!exit.isCall() || unpopped) // riscv: a call of __riscv_restore_N returns
    return exit_request(entry, id, LUGE_SITE_RETURN, unpopped, reads_scratch(exit, target));
  bool direct = is_direct(exit, target);
  return exit_request(entry, id, direct ? LUGE_SITE_TAIL_CALL : LUGE_SITE_INDIRECT_TAIL_CALL,
                      unpopped,
                      !direct && (always_alternate(target) || reads_scratch(exit, target)));
}

void report(const MachineFunction &mf, const std::string &what) {
  error_once(mf.getFunction().getContext(), "'" + mf.getName().str() + "' has " + what +
                                                " that cannot have a sled; leave it out of "
                                                "exits=on by exclude");
}

void check(const MachineInstr &exit, const Target &target) {
  if (is_conditional(exit))
    report(*exit.getMF(), "a conditional return");
  auto is_alternate = [&](StringRef name) { return name == target.exit_alternate; };
  if (target.exit_alternate && reads_scratch(exit, target) && reads(exit, is_alternate))
    report(*exit.getMF(), std::string("an indirect tail call with the stub's register and ") +
                              target.exit_alternate + " in use");
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

void insert_exits(MachineFunction &mf, const Target &target, const SledRequest &entry,
                  unsigned &next_id, std::string &tail, std::string &stubs) {
  for (MachineBasicBlock &block : mf)
    for (auto i = block.begin(); i != block.end(); ++i) {
      if (!leaves(*i))
        continue;
      check(*i, target);
      SledText text(request_for(*i, target, entry, next_id++));
      insert_text(block, i, text.sled());
      tail += text.tail();
      stubs += text.stub();
      if (!is_conditional(*i)) // ppc: a dead pseudo may follow
        break;
    }
}

void pin_exits(MachineFunction &mf) {
  for (MachineBasicBlock &block : mf) {
    SmallVector<MachineInstr *, 2> sleds;
    for (MachineInstr &instruction : block)
      if (is_text(instruction, exit_text))
        sleds.push_back(&instruction);
    for (MachineInstr *sled : sleds) {
      auto place = std::next(sled->getIterator());
      while (place != block.end() && !leaves(*place))
        ++place;
      if (place != block.end() && place != std::next(sled->getIterator()))
        block.splice(place, &block, sled->getIterator());
    }
  }
}

} // namespace luge
