// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a compiler driver is being asked to do, read from its arguments as far as the wrapper has
// to know. What is not recognised counts as an option without a value of its own: the compiler
// gets every argument as it was given, only the additions depend on this.
#pragma once

#include <string>
#include <vector>

namespace luge {

struct CommandLine {
  bool query = false;    // --version, -print-*, -cc1, ...: nothing is compiled or linked
  bool compiles = false; // some input goes through the compiler proper, to assembler text
  bool links = false;    // the linker runs, and its output is not an object again
  bool relocates = false; // the linker runs, and its output is an object again: -r
  bool shared = false;       // -shared
  bool is_static = false;    // -static, -static-pie: no dynamic loader can help
  bool no_libraries = false; // -nostdlib, -nodefaultlibs: freestanding
  bool lto = false;
  std::string target;                // --target=, -target; empty: the compiler's own
  std::string word_size;             // -m32, -m64, -mx32
  std::string linker;                // -fuse-ld=, --ld-path=; empty: the default one
  std::vector<std::string> prefixes; // -B
  size_t terminator;                 // index of "--", or the number of arguments
};

// `arguments` without the program's name. Response files are read, too.
CommandLine read_command_line(const std::vector<std::string> &arguments);

} // namespace luge
