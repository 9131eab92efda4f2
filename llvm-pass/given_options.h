// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where options come from and how they travel. LUGE_PLUGIN first, then the
// command line (-mllvm -luge-KEY=VALUE, -fplugin-arg-luge-KEY=VALUE). They are
// written, as lines KEY=VALUE, into the attribute "luge" of every function, so
// that the code generator of an LTO link knows what each unit was compiled
// with; a command line at the link comes on top. sled/options.h parses them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sled/options.h"

namespace luge {

// Creates -luge-KEY for every option. Not a static object: only after the version check.
void declare_command_line();

// KEY=VALUE of -fplugin-arg-luge-, from the front-end half.
void set_plugin_arguments(const std::vector<std::string> &key_values);
// The same from the process's own command line: clang hands such arguments to nobody when it
// compiles IR, or when the plugin came by -fpass-plugin (up to LLVM 19).
void find_plugin_arguments();

// As lines. Paths are made absolute: an LTO link runs elsewhere.
std::string given_options();
std::string command_line_options();

// Parses lines; remembers what it has parsed. For one thread.
class OptionReader {
public:
  struct Result {
    Options options;
    std::optional<std::string> error;
  };
  const Result &read(const std::string &lines, const Layout &layout);

private:
  std::map<std::string, std::unique_ptr<Result>> known;
};

} // namespace luge
