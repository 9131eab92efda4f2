// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a link line needs beyond its own: the runtime, exact garbage collection of the records, and
// the plugin where code is generated at link time (clang's LTO).
#pragma once

#include <string>
#include <vector>

#include "tool/toolchain.h"
#include "tool/wrapper/command_line.h"

namespace luge {

enum class Linker { Bfd, Gold, Lld, Mold, Unknown };

// By -fuse-ld, -B, COMPILER_PATH, PATH, in the drivers' order; the name of the real file tells.
Linker find_linker(const CommandLine &line);

// Whether the lld that this clang starts is of the same LLVM, so that it can load the plugin.
bool has_own_lld(const Compiler &clang);

enum class RuntimeLink { None, Static, Shared };

// Appends to `out`. Returns what is wrong, or nothing.
std::string add_runtime(std::vector<std::string> &out, const CommandLine &line, RuntimeLink runtime,
                        const std::string &library_directory);

} // namespace luge
