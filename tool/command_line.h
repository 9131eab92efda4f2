// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From argv to a subcommand: help, version, completion, and the words for wrong usage.
#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace luge {

int run_command_line(int argc, char **argv);

// Shell completion for the whole tree of options. `shell` is bash or zsh.
std::string completion_script(const CLI::App &app, std::string_view shell);

} // namespace luge
