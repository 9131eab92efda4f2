// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every difference between LLVM 14 and 22 that the plugin meets. No other file
// of llvm-pass/ tests a version.
#pragma once

#include "llvm/Config/llvm-config.h"

#if LLVM_VERSION_MAJOR >= 22
#include "llvm/Plugins/PassPlugin.h" // moved out of Passes/
#else
#include "llvm/Passes/PassPlugin.h"
#endif

#if LLVM_VERSION_MAJOR >= 17
#include "llvm/TargetParser/Triple.h"
#else
#include "llvm/ADT/Triple.h"
#endif

#if LLVM_VERSION_MAJOR >= 17
#include "llvm/IR/EHPersonalities.h"
#else
#include "llvm/Analysis/EHPersonalities.h"
#endif

#include "llvm/IR/Module.h"

namespace luge::compat {

// A std::string up to LLVM 20, a Triple since.
inline llvm::Triple triple(const llvm::Module &module) {
  return llvm::Triple(module.getTargetTriple());
}

// CallingConv enumerators that came or went between the versions, by their fixed number.
inline constexpr unsigned cc_swift_tail = 20;
inline constexpr unsigned cc_preserve_none = 21; // since 18
inline constexpr unsigned cc_hhvm = 81;          // until 16

// -fsanitize=function: its data stood behind the label up to LLVM 16.
inline constexpr bool function_sanitizer_before_label = LLVM_VERSION_MAJOR >= 17;

// LiveDebugValues reads what it never wrote in a block that nothing branches to (LLVM issue 77729).
inline constexpr bool debug_values_need_reachable_blocks = LLVM_VERSION_MAJOR < 18;

// Whether unwind tables are asked for that are right at every instruction; other kinds since 15.
inline bool has_asynchronous_table(const llvm::Function &f) {
#if LLVM_VERSION_MAJOR >= 15
  return f.getUWTableKind() == llvm::UWTableKind::Async;
#else
  return f.hasUWTable();
#endif
}

} // namespace luge::compat
