// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What can be said of a program before it runs: whether it has sleds, whether it can be traced,
// whether it already contains the runtime, and which functions a glob can mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace luge {

struct TracedProgram {
  std::string path;               // what is executed
  bool is_elf = false;            // else a script: what it starts is not known
  bool is_static = false;         // no dynamic loader: nothing can be preloaded
  bool has_runtime = false;       // needs libluge.so or defines luge_module_register
  bool may_load_more = false;     // imports dlopen
  uint64_t sites = 0;             // in the executable itself
  uint64_t sites_all = 0;         // with the shared objects that the loader finds for it
  std::string compiler;           // of the executable
  std::vector<std::string> names; // mangled, of all sites counted in sites_all; sorted, unique
};

// Looks at the file that `name` means (PATH or a path). On failure `error` is set and `status`
// is what env(1) returns: 127 not found, 126 cannot be executed.
std::optional<TracedProgram> look_at_program(const std::string &name, std::string &error,
                                             int &status);

// "no function matches 'pasre*' (4,812 known). Closest: parse, parse_value", for the first glob
// that matches none of the mangled names; nothing if all match.
std::optional<std::string> unmatched_glob(const std::vector<std::string> &globs,
                                          const std::vector<std::string> &names);

} // namespace luge
