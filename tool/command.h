// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The shape of a subcommand; commands.def has an example.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "tool/message.h"

namespace luge {

using CommandRun = std::function<int()>;
using CommandRegister = CommandRun (*)(CLI::App &app);

struct CommandEntry {
  const char *name;
  CommandRegister add;
  const char *help;
};

#define COMMAND(name, function, help) CommandRun function(CLI::App &app);
#include "tool/commands.def"
#undef COMMAND

} // namespace luge
