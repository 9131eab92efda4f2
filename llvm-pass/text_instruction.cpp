// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "text_instruction.h"

#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCSymbol.h"

namespace luge {

using namespace llvm;

namespace {

// In the text of INLINEASM '$' begins an operand.
std::string escaped(const std::string &text) {
  std::string out;
  for (char c : text)
    out += c == '$' ? "$$" : std::string(1, c);
  return out;
}

bool starts_with_luge(StringRef name) { return name.substr(0, 7) == ".Lluge_"; }

} // namespace

bool is_text(const MachineInstr &instruction, StringRef what) {
  if (!instruction.isInlineAsm() || !instruction.getOperand(0).isSymbol())
    return false;
  StringRef text = instruction.getOperand(0).getSymbolName();
  return text.substr(0, 64).contains(what);
}

void insert_text(MachineBasicBlock &block, MachineBasicBlock::iterator where,
                 const std::string &text) {
  MachineFunction &mf = *block.getParent();
  BuildMI(block, where, DebugLoc(), mf.getSubtarget().getInstrInfo()->get(TargetOpcode::INLINEASM))
      .addExternalSymbol(mf.createExternalSymbolName(escaped(text)))
      .addImm(InlineAsm::Extra_HasSideEffects);
}

void insert_label(MachineBasicBlock &block, MachineBasicBlock::iterator where,
                  const std::string &name) {
  MachineFunction &mf = *block.getParent();
  BuildMI(block, where, DebugLoc(), mf.getSubtarget().getInstrInfo()->get(TargetOpcode::GC_LABEL))
      .addSym(mf.getContext().getOrCreateSymbol(name));
}

bool is_label(const MachineInstr &instruction) {
  return instruction.getOpcode() == TargetOpcode::GC_LABEL &&
         starts_with_luge(instruction.getOperand(0).getMCSymbol()->getName());
}

} // namespace luge
