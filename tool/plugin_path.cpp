// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `luge plugin-path COMPILER`: for -fplugin=$(luge plugin-path gcc-12) in other people's builds.
#include <cstdio>
#include <memory>

#include <unistd.h>

#include "tool/command.h"
#include "tool/toolchain.h"

namespace luge {
namespace {

bool readable(const std::string &path) { return access(path.c_str(), R_OK) == 0; }

int print_plugin_path(const std::string &compiler) {
  std::string lib = library_directory();
  // The name of a plugin itself, whether that compiler is installed here or not.
  std::string name = compiler.starts_with("clang-") ? "llvm-" + compiler.substr(6) : compiler;
  std::string file = plugin_file(lib, name);
  if (name.find('/') == name.npos && readable(file)) {
    std::puts(file.c_str());
    return 0;
  }
  std::optional<std::string> program = find_program(compiler);
  if (!program) {
    bool is_plugin_name = name.starts_with("gcc-") || name.starts_with("llvm-");
    say("{}", is_plugin_name ? no_plugin_text(compiler, lib)
                             : fmt::format("no compiler '{}' in PATH; name one, as in gcc-12, "
                                           "clang-19 or /usr/bin/cc",
                                           compiler));
    return kFailure;
  }
  Compiler found = identify_compiler(*program);
  file = plugin_file(lib, plugin_name(found));
  if (found.kind == CompilerKind::Unknown || !readable(file)) {
    say("{}", no_plugin_text(compiler_text(found), lib));
    return kFailure;
  }
  std::puts(file.c_str());
  return 0;
}

} // namespace

CommandRun register_plugin_path(CLI::App &app) {
  auto compiler = std::make_shared<std::string>("cc");
  app.add_option("COMPILER", *compiler,
                 "gcc-12, clang-19, llvm-19, /usr/bin/cc, ... (default: cc)");
  app.footer("Examples:\n"
             "  gcc -fplugin=$(luge plugin-path gcc) -c file.c\n"
             "  clang-19 -fplugin=$(luge plugin-path clang-19) -c file.c");
  return [compiler] { return print_plugin_path(*compiler); };
}

} // namespace luge
