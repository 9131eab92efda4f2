// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a module as the runtime announced it (a path, a load bias, a build-id) to a module as the
// trace file has it (ids, addresses, names). The recorder does this while the program runs, the
// reader of a session that was left behind does it afterwards.
#pragma once

#include <string>
#include <vector>

#include "sled/trace_format.h"
#include "tool/trace_writer.h"

namespace luge {

struct ResolvedModule {
  TraceModule module;   // without sites if the file cannot be read or is another one by now
  std::string compiler; // "gcc 12.2.0"; empty: not known
  std::vector<std::string> warnings; // "app: ...", in words for the user
};

// Reads `file` (empty: the entry's own path) for the entry's sites.
ResolvedModule resolve_module(const ModuleEntry &entry, const std::string &file = {});

} // namespace luge
