// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which compiler is this, which plugin is for it, and where do Luge's own files lie. Shared by
// luge-cc, `luge plugin-path` and `luge record`; needs nothing but libc, because the wrapper
// runs once per source file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luge {

enum class CompilerKind { Unknown, Gcc, Clang };

struct Compiler {
  CompilerKind kind = CompilerKind::Unknown;
  std::string target;    // of a cross compiler, from its name: "aarch64-linux-gnu"; empty: this machine
  std::string version;   // as far as it was needed: "12", "13.2.0"
  std::string path;      // what is run
  std::string directory; // of the real file: a clang looks for its lld there
};

// The file that execvp() would run, or nothing.
std::optional<std::string> find_program(const std::string &name);

// From the name of the real file where that says it (Debian's gcc-12, llvm-19/bin/clang), else by
// asking it for --version: that costs a millisecond or twenty. The plugin itself checks again.
Compiler identify_compiler(const std::string &path);

// "gcc-12", "aarch64-linux-gnu-gcc-12", "llvm-19"; empty for an unknown kind.
std::string plugin_name(const Compiler &compiler);
// Whether programs for this target ("aarch64-linux-gnu") run beside the runtime that is built here.
bool is_this_machine(const std::string &target);
// "gcc 13.2", "clang 19", for messages.
std::string compiler_text(const Compiler &compiler);

// The lib/ beside the bin/ of the running program: build tree and installation look the same.
std::string library_directory();
std::string plugin_file(const std::string &library_directory, const std::string &name);
// Names of the plugins that are there, sorted by family and version.
std::vector<std::string> available_plugins(const std::string &library_directory);

// "no plugin for gcc 13.2; have gcc-11 gcc-12 llvm-14"
std::string no_plugin_text(const std::string &what, const std::string &library_directory);

} // namespace luge
