// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one way to talk to the user: one line `luge: <thing>: <what>; <remedy>` on stderr.
#pragma once

#include <string_view>

#include <fmt/format.h>

namespace luge {

inline constexpr int kFailure = 1, kUsage = 2; // exit statuses

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
