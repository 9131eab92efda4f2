// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/message.h"

#include <cstdio>

namespace luge {
namespace {
bool quiet = false; // -q, set once while the command line is parsed
}

void set_quiet(bool value) { quiet = value; }
bool is_quiet() { return quiet; }

void say_text(std::string_view text) {
  std::string line = fmt::format("luge: {}\n", text);
  std::fflush(stdout);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void note_text(std::string_view text) {
  if (!quiet)
    say_text(text);
}

} // namespace luge
