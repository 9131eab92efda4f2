// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the plugin begins: loader.c has checked the version and opens this file
// (in luge-llvm.so or luge-clang.so); the constructor does everything that
// -fplugin and -load need, llvmGetPassPluginInfo what -fpass-plugin needs.
#include "compat.h"
#include "given_options.h"
#include "hook.h"
#include "unit.h"

#include "llvm/Passes/PassBuilder.h"

namespace {

struct Start {
  Start() {
    luge::declare_command_line();
    luge::find_plugin_arguments(); // the front-end half replaces them
    luge::hook_code_generator();
  }
} start;

} // namespace

extern "C" __attribute__((visibility("default"))) llvm::PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  llvm::PassPluginLibraryInfo info{};
  info.APIVersion = LLVM_PLUGIN_API_VERSION;
  info.PluginName = "luge";
  info.PluginVersion = "1";
  info.RegisterPassBuilderCallbacks = luge::register_unit_pass;
  return info;
}
