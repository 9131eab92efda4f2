// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// compat.h for the front-end half: what needs clang's headers.
#pragma once

#include "compat.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/Frontend/CompilerInstance.h"

namespace luge::compat {

// The one attribute that clang carries into the IR, as the function attribute "llvm.assume",
// without a reference from anywhere that would keep a dead function alive.
#if LLVM_VERSION_MAJOR >= 19
using AssumeAttr = clang::OMPAssumeAttr;
#else
using AssumeAttr = clang::AssumptionAttr;
#endif

// Makes the pass pipeline of this compilation call our callback, as -fpass-plugin would.
inline void add_pass_plugin(clang::CompilerInstance &compiler, const std::string &luge_so,
                            void (*callback)(llvm::PassBuilder &)) {
#if LLVM_VERSION_MAJOR >= 17
  (void)luge_so;
  compiler.getCodeGenOpts().PassBuilderCallbacks.push_back(callback);
#else
  (void)callback;
  compiler.getCodeGenOpts().PassPlugins.push_back(luge_so);
#endif
}

} // namespace luge::compat
