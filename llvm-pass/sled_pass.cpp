// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sleds as inline assembler in machine code: INLINEASM is the one instruction
// that every target can print, that later passes neither remove nor look into,
// and that needs nothing of the target's own tables.
//
//   bb.0:  mark   label of the function's entry        (zero size)
//          ENDBR64                                     (inserted later, by PreEmit)
//          sled   sled; stub, slot, records elsewhere by .subsection and .pushsection
//          ...
//
// State belongs to a pass object, which serves one module in one thread.
#include "sled_pass.h"

#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include "around_label.h"
#include "facts.h"
#include "given_options.h"
#include "sled/policy.h"
#include "sled/record.h"
#include "sled/text.h"
#include "target.h"
#include "unit.h"

namespace luge {
namespace {

using namespace llvm;

constexpr char mark_text[] = ".Lluge_f", sled_text[] = ".Lluge_s";

bool is_text(const MachineInstr &instruction, StringRef what) {
  if (!instruction.isInlineAsm() || !instruction.getOperand(0).isSymbol())
    return false;
  StringRef text = instruction.getOperand(0).getSymbolName();
  return text.substr(0, 64).contains(what);
}

// In the text of INLINEASM '$' begins an operand.
std::string escaped(const std::string &text) {
  std::string out;
  for (char c : text)
    out += c == '$' ? "$$" : std::string(1, c);
  return out;
}

void insert_text(MachineBasicBlock &block, MachineBasicBlock::iterator where,
                 const std::string &text) {
  MachineFunction &mf = *block.getParent();
  BuildMI(block, where, DebugLoc(), mf.getSubtarget().getInstrInfo()->get(TargetOpcode::INLINEASM))
      .addExternalSymbol(mf.createExternalSymbolName(escaped(text)))
      .addImm(InlineAsm::Extra_HasSideEffects);
}

// An entry block that is also the head of a loop would run the sled in each turn.
MachineBasicBlock &entry_block(MachineFunction &mf) {
  MachineBasicBlock &first = mf.front();
  if (first.pred_empty())
    return first;
  MachineBasicBlock *block = mf.CreateMachineBasicBlock(first.getBasicBlock());
  mf.insert(mf.begin(), block);
  block->addSuccessor(&first);
  for (const auto &live : first.liveins())
    block->addLiveIn(live);
  return *block;
}

// Takes the place of a stock pass in the pipeline, which is required and so runs before.
class PlacedPass : public MachineFunctionPass {
public:
  PlacedPass(char &id, char &stock) : MachineFunctionPass(id), stock(stock) {}

  void getAnalysisUsage(AnalysisUsage &usage) const override {
    usage.addRequiredID(stock);
    usage.setPreservesCFG();
    MachineFunctionPass::getAnalysisUsage(usage);
  }

private:
  char &stock;
};

class SledPass : public PlacedPass {
public:
  static char ID;
  explicit SledPass(char &stock) : PlacedPass(ID, stock) {}
  StringRef getPassName() const override { return "Luge sleds"; }

  bool doInitialization(Module &module) override {
    target = find_target(compat::triple(module));
    if (!target) {
      report_unsupported_target(module);
      return false;
    }
    next_id = 0;
    registered = unit_marked = false;
    lto_link = !front_end_here && is_lto_module(module);
    for (Function &f : module) {
      unit_marked |= f.hasFnAttribute(unit_attribute);
      if (std::optional<Nops> nops = take_patchable_attribute(f))
        patchable[&f] = *nops;
    }
    unit_marked |= remove_unit_mark(module);
    return true;
  }

  bool runOnMachineFunction(MachineFunction &mf) override {
    if (!target)
      return false;
    Function &f = mf.getFunction();
    if (!check_unit(f) || !check_register_analysis(mf))
      return false;
    const Options *options = function_options(f);
    if (!options)
      return false;
    auto nops = patchable.find(&f);
    FunctionFacts facts =
        function_facts(mf, *target, nops == patchable.end() ? std::optional<Nops>() : nops->second);
    facts.synthesised |= unit_marked && !f.hasFnAttribute(unit_attribute);
    Decision decision = decide(facts, *options, *target->layout);
    if (std::optional<std::string> error = report_decision(*options, facts, decision))
      error_once(f.getContext(), *error);
    if (decision.take)
      emit(mf, facts, *options, decision);
    return decision.take;
  }

private:
  // Whether the unit of this function was compiled with the plugin, where that was elsewhere: at
  // an LTO link. clang gives the other attribute to each function that it generates, no pass
  // gives it to the functions that passes make.
  bool check_unit(const Function &f) {
    if (!lto_link || f.hasFnAttribute(unit_attribute) ||
        (unit_marked && !f.hasFnAttribute("stack-protector-buffer-size")))
      return true;
    const DISubprogram *where = f.getSubprogram();
    StringRef file = where ? where->getFilename() : StringRef(f.getParent()->getSourceFileName());
    error_once(f.getContext(),
               file.str() + ": " + f.getName().str() +
                   " was compiled without the luge plugin; "
                   "compile it with -fplugin=PATH/luge.so too",
               file.str());
    return false;
  }

  // A traced function clobbers what its own body does not.
  bool check_register_analysis(const MachineFunction &mf) {
    if (!mf.getTarget().Options.EnableIPRA)
      return true;
    error_once(mf.getFunction().getContext(),
               "-enable-ipra lets callers keep values in registers that a traced function "
               "changes; leave it out");
    return false;
  }

  const Options *function_options(const Function &f) {
    Attribute compiled = f.getFnAttribute(unit_attribute);
    std::string lines;
    if (compiled.isStringAttribute())
      lines = compiled.getValueAsString().str() + (front_end_here ? "" : command_line_options());
    else
      lines = given_options();
    const OptionReader::Result &result = reader.read(lines, *target->layout);
    if (!result.error)
      return &result.options;
    error_once(f.getContext(), *result.error);
    return nullptr;
  }

  void emit(MachineFunction &mf, const FunctionFacts &facts, const Options &options,
            const Decision &decision) {
    SledRequest request;
    request.layout = target->layout;
    request.flavour = decision.flavour;
    request.nops = decision.nops.total;
    request.prefix_nops = decision.nops.prefix;
    request.stub = decision.stub;
    request.entries = decision.entries;
    request.id = next_id++;
    if (prologue_data_size(mf.getFunction()))
      request.link_symbol = ".Lluge_m" + std::to_string(request.id);
    request.flags = decision.flags;
    request.stack_args = decision.stack_args;
    if (options.names)
      request.name = facts.mangled;
    SledText text(request);

    std::string sled = text.sled() + text.tail();
    if (decision.entries != Entries::Pfe && !registered) {
      registered = true;
      sled += SledText::module(*target->layout);
    }
    MachineBasicBlock &block = entry_block(mf);
    insert_text(block, block.begin(), sled);
    insert_text(block, block.begin(),
                place_mark(mf, text, request.link_symbol) +
                    place_prefix(mf, *target, decision.nops.prefix, text));
  }

  const Target *target = nullptr;
  DenseMap<const Function *, Nops> patchable;
  OptionReader reader;
  unsigned next_id = 0;
  bool registered = false, unit_marked = false, lto_link = false;
};
char SledPass::ID = 0;

class PinPass : public PlacedPass {
public:
  static char ID;
  explicit PinPass(char &stock) : PlacedPass(ID, stock) {}
  StringRef getPassName() const override { return "Luge sled places"; }

  bool runOnMachineFunction(MachineFunction &mf) override {
    const Target *target = find_target(mf.getTarget().getTargetTriple());
    if (!target || mf.empty())
      return false;
    MachineBasicBlock &block = mf.front();
    MachineInstr *mark = nullptr, *sled = nullptr;
    for (MachineInstr &instruction : block) {
      if (!mark && is_text(instruction, mark_text))
        mark = &instruction;
      else if (mark && is_text(instruction, sled_text)) {
        sled = &instruction;
        break;
      }
    }
    if (!sled)
      return false;
    block.splice(block.begin(), &block, mark->getIterator());
    auto place = std::next(mark->getIterator());
    auto pad = place;
    while (pad != block.end() && (pad->isMetaInstruction() || pad->isPosition()))
      ++pad;
    if (pad != block.end() && target->is_landing_pad(*pad))
      place = std::next(pad);
    if (place != sled->getIterator())
      block.splice(place, &block, sled->getIterator());
    return true;
  }
};
char PinPass::ID = 0;

} // namespace

std::unique_ptr<MachineFunctionPass> make_sled_pass(char &stock) {
  return std::make_unique<SledPass>(stock);
}

std::unique_ptr<MachineFunctionPass> make_pin_pass(char &stock) {
  return std::make_unique<PinPass>(stock);
}

} // namespace luge
