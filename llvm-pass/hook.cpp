// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a plugin's machine passes get into the code generator of a stock LLVM.
//
// TargetPassConfig::addPass(ID) creates a pass through the constructor in its
// PassInfo, and PassInfo::setNormalCtor is public. So the constructor of a
// stock pass that runs at the right place is replaced by one that makes ours.
// Ours requires the stock pass by its ID, so the pass manager asks the same
// constructor again, and the second answer is the stock pass, which then runs
// first. LLVM 22 also has RegisterTargetPassConfigCallback; one way for all
// versions is one way less to test.
#include "hook.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

#include "llvm/CodeGen/Passes.h"
#include "llvm/InitializePasses.h"
#include "llvm/PassInfo.h"
#include "llvm/PassRegistry.h"

#include "sled_pass.h"

namespace luge {
namespace {

using namespace llvm;

// One replaced constructor. `ours_waits` is true between the creation of our pass and that of
// the stock pass that it requires; both happen in one call of addPass, so per thread.
template <int Place> struct Replaced {
  static inline PassInfo::NormalCtor_t stock = nullptr;
  static inline char *id = nullptr;
  static inline std::unique_ptr<MachineFunctionPass> (*make)(char &) = nullptr;
  static inline thread_local bool ours_waits = false;

  static Pass *create() {
    ours_waits = !ours_waits;
    return ours_waits ? make(*id).release() : stock();
  }

  static void install(PassRegistry &registry, char &pass_id,
                      std::unique_ptr<MachineFunctionPass> (*maker)(char &)) {
    auto *info = const_cast<PassInfo *>(registry.getPassInfo(&pass_id));
    if (!info || !info->getNormalCtor()) {
      std::fprintf(stderr, "luge: this LLVM has no code generator that a plugin can extend\n");
      std::exit(1);
    }
    stock = info->getNormalCtor();
    id = &pass_id;
    make = maker;
    info->setNormalCtor(create);
  }
};

// Our text needs the assembler's parser, which flang does not set up. By name: a program that has
// LLVM inside, and not all of it, need not have these functions.
void set_up_parsers() {
  for (const char *name : {"LLVMInitializeX86AsmParser", "LLVMInitializeAArch64AsmParser",
                           "LLVMInitializeARMAsmParser", "LLVMInitializePowerPCAsmParser",
                           "LLVMInitializeRISCVAsmParser", "LLVMInitializeSystemZAsmParser",
                           "LLVMInitializeMipsAsmParser", "LLVMInitializeLoongArchAsmParser"})
    if (void *function = dlsym(RTLD_DEFAULT, name))
      reinterpret_cast<void (*)()>(function)();
}

} // namespace

void hook_code_generator() {
  set_up_parsers();
  PassRegistry &registry = *PassRegistry::getPassRegistry();
  initializeCodeGen(registry);
  Replaced<0>::install(registry, FixupStatepointCallerSavedID, make_guard_pass); // before PEI
  Replaced<1>::install(registry, PatchableFunctionID, make_sled_pass); // behind PEI, before PreEmit
  Replaced<2>::install(registry, FuncletLayoutID, make_pin_pass);      // behind PreEmit
  // aarch64 puts its landing pads in behind that since LLVM 17, and relaxes branches afterwards.
  Replaced<3>::install(registry, BranchRelaxationPassID, make_pin_pass);
}

} // namespace luge
