// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "facts.h"

#include <algorithm>

#include "llvm/ADT/SCCIterator.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/CodeGen/TargetFrameLowering.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSymbol.h"
#include "llvm/Target/TargetMachine.h"

#include "sled/record.h"

namespace luge {
namespace {

using namespace llvm;

unsigned number(const Attribute &attribute) {
  unsigned value = 0;
  if (attribute.isStringAttribute() && attribute.getValueAsString().getAsInteger(10, value))
    value = 0;
  return value;
}

unsigned count_instructions(const MachineFunction &mf) {
  unsigned count = 0;
  for (const MachineBasicBlock &block : mf)
    for (const MachineInstr &instruction : block)
      count += !instruction.isMetaInstruction();
  return count;
}

bool has_cycle(const MachineFunction &mf) {
  for (auto scc = scc_begin(&mf); !scc.isAtEnd(); ++scc)
    if (scc.hasCycle())
      return true;
  return false;
}

bool calls(const Instruction &instruction, std::initializer_list<StringRef> names) {
  auto *call = dyn_cast<CallBase>(&instruction);
  const Function *callee = call ? call->getCalledFunction() : nullptr;
  if (!callee)
    return false;
  StringRef name = GlobalValue::dropLLVMManglingEscape(callee->getName());
  return std::find(names.begin(), names.end(), name) != names.end();
}

// ThreadSanitizer keeps return addresses for its reports and does nothing else with them.
bool only_for_reports(const Instruction &return_address) {
  for (const User *user : return_address.users())
    if (!calls(*cast<Instruction>(user), {"__tsan_func_entry"}))
      return false;
  return true;
}

// The body looks at, or changes, where it returns to. By the IR, not by MachineFrameInfo: that
// does not say who looks.
bool sees_return(const Function &f) {
  for (const Instruction &instruction : instructions(f)) {
    if (calls(instruction, {"mcount", "_mcount", "__mcount"})) // -pg: the caller's address
      return true;
    auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);
    if (!intrinsic)
      continue;
    switch (intrinsic->getIntrinsicID()) {
    case Intrinsic::returnaddress:
      if (only_for_reports(instruction))
        break;
      return true;
    case Intrinsic::frameaddress:
    case Intrinsic::addressofreturnaddress:
    case Intrinsic::sponentry:
    case Intrinsic::eh_return_i32:
    case Intrinsic::eh_return_i64:
    case Intrinsic::eh_dwarf_cfa:
      return true;
    default:
      break;
    }
  }
  return false;
}

bool has_argument(const Function &f, Attribute::AttrKind kind) {
  for (const Argument &argument : f.args())
    if (argument.hasAttribute(kind))
      return true;
  return false;
}

// Aligned more than the stack is: a copy would have to repeat that alignment.
bool has_overaligned_argument(const MachineFunction &mf) {
  const Function &f = mf.getFunction();
  const DataLayout &layout = f.getParent()->getDataLayout();
  Align stack = mf.getSubtarget().getFrameLowering()->getStackAlign();
  for (const Argument &argument : f.args()) {
    Align align = argument.hasByValAttr() ? argument.getParamAlign().valueOrOne()
                                          : layout.getABITypeAlign(argument.getType());
    if (align > stack)
      return true;
  }
  return false;
}

// Incoming arguments lie at non-negative offsets, behind what the caller's frame begins with;
// everything else that is fixed (return address, saved registers) before that.
unsigned stack_argument_words(const MachineFunction &mf, const Target &target) {
  if (mf.getFunction().isVarArg())
    return LUGE_STACK_ARGS_UNKNOWN;
  const MachineFrameInfo &frame = mf.getFrameInfo();
  int64_t end = 0;
  for (int i = frame.getObjectIndexBegin(); i < 0; ++i)
    if (frame.getObjectOffset(i) >= target.frame_header && !frame.isDeadObjectIndex(i))
      end = std::max(end, frame.getObjectOffset(i) + frame.getObjectSize(i) - target.frame_header);
  if (end <= target.register_argument_space)
    return 0;
  if (end && has_overaligned_argument(mf))
    return LUGE_STACK_ARGS_UNKNOWN;
  return unsigned(std::min<int64_t>((end + 7) / 8, LUGE_STACK_ARGS_UNKNOWN));
}

// More scalars than C returns in registers: only functions that the optimiser has changed.
bool returns_many(const Function &f) {
  auto *type = dyn_cast<StructType>(f.getReturnType());
  return type && type->getNumElements() > 2;
}

bool starts_with(StringRef text, StringRef start) { return text.substr(0, start.size()) == start; }

// Split off, or made by the front end, without a body that somebody wrote. Not
// __cxx_global_var_init: that is the user's initialiser.
bool is_synthesised(const Function &f) {
  StringRef name = f.getName();
  for (const char *start : {"_ZTh", "_ZTv", "_ZTc",       // thunks
                            "_ZTW", "_ZTH", "__tls_init", // thread_local: wrapper and initialiser
                            "_GLOBAL__", "__cxx_global_array_dtor", "__clang_call_terminate"})
    if (starts_with(name, start))
      return true;
  if (name.contains(".cold") || name.contains("__await_suspend_wrapper__"))
    return true;
  for (const GlobalIFunc &ifunc : f.getParent()->ifuncs()) // of target_clones and target(...)
    if (ifunc.getResolverFunction() == &f && name.contains(".resolver"))
      return true;
  return false;
}

StringRef assumptions(const Function &f) {
  Attribute assume = f.getFnAttribute("llvm.assume");
  return assume.isStringAttribute() ? assume.getValueAsString() : StringRef();
}

// Integers and pointers come in general registers or on the stack, whatever the target's features.
bool takes_no_vectors(const Function &f) {
  for (const Argument &argument : f.args())
    if (!argument.getType()->isIntegerTy() && !argument.getType()->isPointerTy())
      return false;
  return !f.isVarArg();
}

bool assumes(const Function &f, StringRef what) { return assumptions(f).contains(what); }

void set_location(FunctionFacts &facts, const Function &f) {
  facts.file = f.getParent()->getSourceFileName();
  if (const DISubprogram *subprogram = f.getSubprogram()) {
    facts.file = subprogram->getFilename().str();
    facts.line = subprogram->getLine();
    return;
  }
  auto [before, rest] = assumptions(f).split(assume_location);
  auto [file, line] = rest.split('\n').first.rsplit(':');
  if (!line.getAsInteger(10, facts.line))
    facts.file = file.str();
}

} // namespace

std::optional<Nops> take_patchable_attribute(Function &f) {
  static constexpr const char *entry = "patchable-function-entry",
                              *prefix = "patchable-function-prefix";
  std::optional<Nops> taken;
  if (f.hasFnAttribute(entry) || f.hasFnAttribute(prefix)) {
    Nops nops;
    nops.prefix = number(f.getFnAttribute(prefix));
    nops.total = number(f.getFnAttribute(entry)) + nops.prefix;
    nops.given = true;
    taken = nops;
    f.removeFnAttr(entry);
    f.removeFnAttr(prefix);
  }
  if (assumes(f, assume_no_sled))
    taken = Nops{0, 0, true};
  return taken;
}

FunctionFacts function_facts(const MachineFunction &mf, const Target &target,
                             const std::optional<Nops> &patchable) {
  const Function &f = mf.getFunction();
  FunctionFacts facts;
  facts.mangled = mf.getTarget().getSymbol(&f)->getName().str();
  set_location(facts, f);
  facts.insns = count_instructions(mf);
  facts.has_loop = has_cycle(mf);
  facts.no_instrument = assumes(f, assume_no_instrument);
  facts.patchable = patchable;
  facts.naked = f.hasFnAttribute(Attribute::Naked);
  facts.synthesised = is_synthesised(f);
  facts.static_chain = has_argument(f, Attribute::Nest);
  facts.return_seen = sees_return(f);
  facts.returns_twice = f.hasFnAttribute(Attribute::ReturnsTwice);
  facts.calls_setjmp = mf.exposesReturnsTwice();
  Convention convention = target.convention(mf);
  facts.other_code = target.other_code && target.other_code(mf);
  facts.no_scratch = convention == Convention::NoScratch;
  facts.special_cc = convention != Convention::Platform || returns_many(f) ||
                     has_argument(f, Attribute::SwiftError) ||
                     has_argument(f, Attribute::InAlloca) ||
                     has_argument(f, Attribute::Preallocated);
  facts.no_vectors = target.tells_vectors && !facts.special_cc && takes_no_vectors(f);
  facts.stack_args = stack_argument_words(mf, target);
  return facts;
}

} // namespace luge
