// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//   bb.0:  mark   label of the function's entry        (zero size)
//          ENDBR64                                     (inserted later, by PreEmit)
//          sled   sled; stub, slot, records elsewhere by .subsection and .pushsection
//          ...
//          exit   with exits=on, before each return     (exits.h)
//
// State belongs to a pass object, which serves one module in one thread.
#include "sled_pass.h"

#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Target/TargetLoweringObjectFile.h"
#include "llvm/Target/TargetMachine.h"

#include "around_label.h"
#include "exits.h"
#include "facts.h"
#include "given_options.h"
#include "sled/policy.h"
#include "sled/record.h"
#include "sled/text.h"
#include "target.h"
#include "text_instruction.h"
#include "unit.h"

namespace luge {
namespace {

using namespace llvm;

// The options of a function: what its unit was compiled with, and a link's command line on top.
const OptionReader::Result &function_options(const Function &f, OptionReader &reader,
                                             const Layout &layout) {
  Attribute compiled = f.getFnAttribute(unit_attribute);
  if (!compiled.isStringAttribute())
    return reader.read(given_options(), layout);
  return reader.read(compiled.getValueAsString().str() +
                         (front_end_here ? "" : command_line_options()),
                     layout);
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

// Never executed: for stubs that must stand right behind the function's code.
MachineBasicBlock &block_behind(MachineFunction &mf) {
  MachineBasicBlock *block = mf.CreateMachineBasicBlock();
  mf.push_back(block);
  return *block;
}

const MCSection *section_of(const MachineFunction &mf) {
  return mf.getTarget().getObjFileLowering()->SectionForGlobal(&mf.getFunction(), mf.getTarget());
}

// Whether the function may begin in a section of its own, which is decided behind this pass.
bool may_be_split(const MachineFunction &mf) {
  const TargetMachine &machine = mf.getTarget();
  if (machine.getBBSectionsType() != BasicBlockSection::None ||
      machine.Options.EnableMachineFunctionSplitter)
    return true;
  auto given = cl::getRegisteredOptions().find("enable-split-machine-functions");
  return given != cl::getRegisteredOptions().end() && given->second->getNumOccurrences();
}

// Whether the function's own FDE describes its stubs, as 4 bytes of it instead of 28 for another. A section
// that is the function's alone: elsewhere one FDE does for all, which stand behind all code. Not with a table of call
// sites, which would not know the stub, so that an exception out of a signal handler there would end the program.
bool describes_its_stubs(const MachineFunction &mf) {
  const Function &f = mf.getFunction();
  bool call_sites = f.hasPersonalityFn() &&
                    (!mf.getLandingPads().empty() ||
                     !isNoOpWithoutInvoke(classifyEHPersonality(f.getPersonalityFn())));
  if (compat::debug_values_need_reachable_blocks && f.getSubprogram())
    return false;
  return compat::has_asynchronous_table(f) && !call_sites && !may_be_split(mf) &&
         (f.hasComdat() || mf.getTarget().getFunctionSections()) && !f.hasSection();
}

Align function_alignment(const SledRequest &r, const Options &options) {
  bool word = r.flavour == Flavour::Nop && r.nops > r.prefix_nops;
  unsigned sled = std::max(r.layout->sled_align, word ? r.layout->function_align : 1);
  return Align(std::max(sled, options.align));
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
    link_labels.clear();
    stub_frames.clear();
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
    if (const char *why = target->unsupported ? target->unsupported(mf) : nullptr) {
      error_once(f.getContext(), why);
      return false;
    }
    const OptionReader::Result &options = function_options(f, reader, *target->layout);
    if (options.error) {
      error_once(f.getContext(), *options.error);
      return false;
    }
    if (options.options.exits)
      remove_guards(mf);
    auto nops = patchable.find(&f);
    FunctionFacts facts =
        function_facts(mf, *target, nops == patchable.end() ? std::optional<Nops>() : nops->second);
    facts.synthesised |= unit_marked && !f.hasFnAttribute(unit_attribute);
    Decision decision = decide(facts, options.options, *target->layout);
    if (std::optional<std::string> error = report_decision(options.options, facts, decision))
      error_once(f.getContext(), *error);
    if (decision.take)
      emit(mf, facts, options.options, decision);
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

  // Whether so many NOPs fit between the two entries.
  bool check_local_entry(LLVMContext &context, const FunctionFacts &facts, unsigned prefix) {
    auto wrong = local_entry_error(facts.mangled, prefix, *target->layout);
    std::string line = facts.line ? ":" + std::to_string(facts.line) : "";
    if (wrong)
      error_once(context, facts.file + line + ": " + *wrong);
    return !wrong;
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
    request.own_frame = arch_of(*target->layout).has_stub_frame() && describes_its_stubs(mf);
    request.second_set = target->second_set && target->second_set(mf);
    GlobalEntry entry = target->global_entry ? target->global_entry(mf) : GlobalEntry();
    std::string own_label = prologue_data_size(mf.getFunction()) || !entry.label.empty()
                                ? ".Lluge_m" + std::to_string(request.id)
                                : ".Lluge_f" + std::to_string(request.id);
    request.link_symbol = may_be_split(mf)
                              ? own_label
                              : link_labels.try_emplace(section_of(mf), own_label).first->second;
    request.flags = decision.flags;
    request.stack_args = decision.stack_args;
    if (options.names)
      request.name = facts.mangled;
    SledText text(request);

    mf.ensureAlignment(function_alignment(request, options));
    bool local = options.order == Order::Local && !entry.label.empty() && !text.prefix().empty();
    if (local && !check_local_entry(mf.getFunction().getContext(), facts, decision.nops.prefix))
      return;
    std::string sled = (local ? text.prefix() + entry.make_local : "") + text.sled() + text.ties();
    std::string rest = text.tail(), stubs = text.stub();
    if (decision.exits)
      insert_exits(mf, *target, request, next_id, rest, stubs);
    rest += stub_frame(mf, text);
    if (decision.entries != Entries::Pfe && !registered) {
      registered = true;
      rest += SledText::module(*target->layout);
    }
    sled += place_mark(mf, entry, text, own_label) +
            place_prefix(mf, *target, entry, local ? 0 : decision.nops.prefix, text);
    MachineBasicBlock &block = entry_block(mf);
    (arch_of(*target->layout).stub_reaches_far ? sled : stubs) += rest;
    if (!stubs.empty()) {
      MachineBasicBlock &end = block_behind(mf);
      insert_text(end, end.end(), stubs);
    }
    insert_text(block, block.begin(), sled);
    insert_label(block, block.begin(), own_label);
  }

  // One for all stubs of a section, behind the code of which they stand.
  std::string stub_frame(const MachineFunction &mf, const SledText &text) {
    if (!compat::has_asynchronous_table(mf.getFunction()))
      return "";
    if (may_be_split(mf))
      return text.stub_frame(Frames::Function);
    std::string frame = text.stub_frame(Frames::Section);
    return frame.empty() || stub_frames.insert(section_of(mf)).second ? frame : "";
  }

  const Target *target = nullptr;
  DenseMap<const Function *, Nops> patchable;
  // Records of functions in one text section link to the label of the first: one table of records
  // for each text section, not one for each function.
  DenseMap<const MCSection *, std::string> link_labels;
  DenseSet<const MCSection *> stub_frames; // whose stubs have a frame description
  OptionReader reader;
  unsigned next_id = 0;
  bool registered = false, unit_marked = false, lto_link = false;
};
char SledPass::ID = 0;

class GuardPass : public PlacedPass {
public:
  static char ID;
  explicit GuardPass(char &stock) : PlacedPass(ID, stock) {}
  StringRef getPassName() const override { return "Luge exits"; }

  bool runOnMachineFunction(MachineFunction &mf) override {
    const Target *target = find_target(mf.getTarget().getTargetTriple());
    if (!target || !function_options(mf.getFunction(), reader, *target->layout).options.exits)
      return false;
    guard_exits(mf);
    return true;
  }

private:
  OptionReader reader;
};
char GuardPass::ID = 0;

class PinPass : public PlacedPass {
public:
  static char ID;
  explicit PinPass(char &stock) : PlacedPass(ID, stock) {}
  StringRef getPassName() const override { return "Luge sled places"; }

  bool runOnMachineFunction(MachineFunction &mf) override {
    const Target *target = find_target(mf.getTarget().getTargetTriple());
    if (!target || mf.empty())
      return false;
    pin_exits(mf);
    MachineBasicBlock &block = mf.front();
    MachineInstr *mark = nullptr, *sled = nullptr;
    for (MachineInstr &instruction : block) {
      if (!mark && is_label(instruction))
        mark = &instruction;
      else if (mark &&
               (is_text(instruction, entry_text) || is_text(instruction, local_prefix_text))) {
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
    while (pad != block.end() && target->is_landing_pad(*pad))
      place = ++pad;
    if (place != sled->getIterator())
      block.splice(place, &block, sled->getIterator());
    return true;
  }
};
char PinPass::ID = 0;

} // namespace

std::unique_ptr<MachineFunctionPass> make_guard_pass(char &stock) {
  return std::make_unique<GuardPass>(stock);
}

std::unique_ptr<MachineFunctionPass> make_sled_pass(char &stock) {
  return std::make_unique<SledPass>(stock);
}

std::unique_ptr<MachineFunctionPass> make_pin_pass(char &stock) {
  return std::make_unique<PinPass>(stock);
}

} // namespace luge
