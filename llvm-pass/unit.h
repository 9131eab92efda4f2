// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The mark of a compiled unit, by which nothing goes missing silently.
//
// The IR pass, first in the pipeline, gives every function the attribute
// "luge" (its value: the options), and the module a constant that refers to an
// undefined hidden symbol whose name says what is wrong. The machine pass
// takes the constant away. So a module whose code is generated without the
// machine pass (an LTO link without the plugin, llc without the plugin, a code
// generator that no longer asks the pass registry) does not link, and a
// function without the attribute at an LTO link was compiled without the plugin.
#pragma once

#include <string>

#include "llvm/IR/Module.h"

namespace llvm {
class PassBuilder;
}

namespace luge {

inline constexpr char unit_attribute[] = "luge";

void register_unit_pass(llvm::PassBuilder &builder);

// Takes the constant away; whether it was there.
bool remove_unit_mark(llvm::Module &module);

// Whether the module was compiled for LTO: what clang leaves in such bitcode.
bool is_lto_module(const llvm::Module &module);

// One compiler error `luge: MESSAGE`; only once in a process for the same KEY (the message).
void error_once(llvm::LLVMContext &context, const std::string &message, std::string key = "");
// That there are no sleds for the module's target.
void report_unsupported_target(llvm::Module &module);

// Set by the front-end half: this process parses source, so that functions without the
// attribute were made after the IR pass, and not compiled elsewhere without the plugin.
extern bool front_end_here;

} // namespace luge
