// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the subcommands that read a trace have in common.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tool/command.h"
#include "tool/trace_reader.h"

namespace luge {

// The positional FILE.
void add_trace_file(CLI::App &app, std::string &path);

// Opens and says what there is to say: why not, what is damaged, what is lost.
std::unique_ptr<TraceReader> open_trace(const std::string &path);

// "1ms~2ms", "~2ms", "1ms~", "": nanoseconds since the start of the trace.
bool parse_range(std::string_view text, double &from_ns, double &to_ns);

template <typename... A> int usage(fmt::format_string<A...> format, A &&...arguments) {
  say_text(fmt::format(format, std::forward<A>(arguments)...));
  return kUsage;
}

} // namespace luge
