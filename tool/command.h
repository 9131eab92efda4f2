// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The shape of a subcommand (commands.def has an example), and the one way to talk to the user:
// one line `luge: <thing>: <what>; <remedy>` on stderr.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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

inline constexpr int kFailure = 1, kUsage = 2;

// Prints "luge: " and the text on stderr, as one write; notes are what -q leaves out.
void say_text(std::string_view text);
void note_text(std::string_view text);
void set_quiet(bool quiet);
bool is_quiet();

template <typename... A> void say(fmt::format_string<A...> format, A &&...arguments) {
  say_text(fmt::format(format, std::forward<A>(arguments)...));
}

template <typename... A> void note(fmt::format_string<A...> format, A &&...arguments) {
  note_text(fmt::format(format, std::forward<A>(arguments)...));
}

} // namespace luge
