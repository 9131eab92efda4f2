// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "unit.h"

#include <mutex>
#include <set>

#include "llvm/IR/Constants.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#include "compat.h"
#include "given_options.h"
#include "target.h"

namespace luge {

using namespace llvm;

bool front_end_here = false;

namespace {

constexpr char mark_name[] = "luge.unit";
constexpr char missing_symbol[] = "luge: compiled with the luge plugin, but its code was generated "
                                  "without it; link with -Wl,-mllvm,-load=PATH/luge.so";

// Hidden, so that a shared library may not leave it undefined either; in llvm.used, so that
// neither --gc-sections nor LTO can drop it; in a section with a name of its own, which the
// sanitizers leave as it is.
void add_unit_mark(Module &module) {
  Type *byte = Type::getInt8Ty(module.getContext());
  auto *missing = cast<GlobalVariable>(module.getOrInsertGlobal(missing_symbol, byte));
  missing->setVisibility(GlobalValue::HiddenVisibility);
  auto *mark = new GlobalVariable(module, missing->getType(), true, GlobalValue::InternalLinkage,
                                  missing, mark_name);
  mark->setSection("luge_unit");
  appendToUsed(module, {mark});
}

bool is_mark(const GlobalValue *value) {
  auto *variable = dyn_cast<GlobalVariable>(value);
  return variable && variable->hasInitializer() &&
         variable->getInitializer()->stripPointerCasts()->getName() == missing_symbol;
}

struct UnitPass : PassInfoMixin<UnitPass> {
  static bool isRequired() { return true; }

  PreservedAnalyses run(Module &module, ModuleAnalysisManager &) {
    if (module.getNamedValue(missing_symbol)) // both -fplugin and -fpass-plugin given
      return PreservedAnalyses::all();
    const Target *target = find_target(compat::triple(module));
    if (!target) {
      report_unsupported_target(module);
      return PreservedAnalyses::all();
    }
    std::string options = given_options();
    OptionReader reader;
    if (const auto &error = reader.read(options, *target->layout).error)
      error_once(module.getContext(), *error);
    for (Function &f : module)
      if (!f.isDeclaration())
        f.addFnAttr(unit_attribute, options);
    add_unit_mark(module);
    return PreservedAnalyses::none();
  }
};

} // namespace

void register_unit_pass(PassBuilder &builder) {
  builder.registerPipelineStartEPCallback(
      [](ModulePassManager &passes, auto &&...) { passes.addPass(UnitPass()); });
}

bool remove_unit_mark(Module &module) {
  GlobalVariable *used = module.getGlobalVariable("llvm.used");
  if (!used || !used->hasInitializer())
    return false;
  SmallVector<GlobalValue *, 8> kept;
  SmallVector<GlobalVariable *, 1> marks;
  for (Value *entry : cast<ConstantArray>(used->getInitializer())->operands()) {
    auto *value = cast<GlobalValue>(entry->stripPointerCasts());
    if (is_mark(value))
      marks.push_back(cast<GlobalVariable>(value));
    else
      kept.push_back(value);
  }
  if (marks.empty())
    return false;
  used->eraseFromParent();
  if (!kept.empty())
    appendToUsed(module, kept);
  for (GlobalVariable *mark : marks) {
    mark->removeDeadConstantUsers();
    mark->eraseFromParent();
  }
  if (GlobalValue *missing = module.getNamedValue(missing_symbol)) {
    missing->removeDeadConstantUsers();
    missing->eraseFromParent();
  }
  return true;
}

bool is_lto_module(const Module &module) {
  return module.getModuleFlag("ThinLTO") || module.getModuleFlag("EnableSplitLTOUnit");
}

void error_once(LLVMContext &context, const std::string &message, std::string key) {
  static auto *said = new std::set<std::string>;
  static auto *lock = new std::mutex; // ThinLTO generates code in parallel
  {
    std::lock_guard<std::mutex> guard(*lock);
    if (!said->insert(key.empty() ? message : key).second)
      return;
  }
  context.emitError("luge: " + message);
}

void report_unsupported_target(Module &module) {
  error_once(module.getContext(),
             module.getSourceFileName() + ": " + unsupported_target(compat::triple(module)));
}

} // namespace luge
