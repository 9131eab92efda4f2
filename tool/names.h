// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Function names as views show them: demangled once, when first needed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tool/trace_model.h"

namespace luge {

class FunctionNames {
public:
  FunctionNames(const Trace &trace, bool full) : trace_(trace), full_(full) {
    shown_.resize(trace.functions.size());
  }

  // "testing::TestInfo::Run"; full: with return type and parameters. Nameless: "app+0x1139".
  const std::string &operator[](uint32_t function);
  // The same as a call: with "()" unless it has its parameters.
  std::string call(uint32_t function);

  // For each function whether any glob names it. False and `error` if a glob names none.
  bool match(const std::vector<std::string> &globs, std::vector<char> &out, std::string &error);

private:
  const Trace &trace_;
  bool full_;
  std::vector<std::string> shown_;
};

// Bytes of a trace are not trusted on a terminal: control characters become '?'.
std::string printable(std::string_view text);

// "app (gcc 12, 4,812 functions)"
std::string program_text(const Trace &trace);

} // namespace luge
