// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "sled/glob.h"
#include "sled/policy.h"
#include "tool/closest.h"
#include "tool/text.h"

namespace luge {

std::string printable(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  return out;
}

const std::string &FunctionNames::operator[](uint32_t function) {
  std::string &shown = shown_[function];
  if (!shown.empty())
    return shown;
  const TraceFunction &f = trace_.functions[function];
  if (function == kUnknownFunction)
    shown = "[unknown]";
  else if (f.name.empty()) {
    const std::string &path = trace_.objects[f.object].path;
    shown = printable(fmt::format("{}+{:#x}", path.substr(path.rfind('/') + 1), f.address));
  } else {
    std::string demangled = demangle(f.name);
    shown = printable(full_ ? std::string_view(demangled) : qualified_name(demangled));
  }
  return shown;
}

std::string FunctionNames::call(uint32_t function) {
  const std::string &name = (*this)[function];
  bool parameters = full_ && name.find('(') != name.npos;
  return parameters ? name : name + "()";
}

bool FunctionNames::match(const std::vector<std::string> &globs, std::vector<char> &out,
                          std::string &error) {
  out.assign(trace_.functions.size(), 0);
  std::vector<std::string> demangled(out.size());
  for (size_t i = 1; i < out.size(); ++i)
    demangled[i] = demangle(trace_.functions[i].name);
  for (const std::string &glob : globs) {
    bool any = false;
    for (size_t i = 1; i < out.size(); ++i)
      if (name_match(glob, trace_.functions[i].name, demangled[i]))
        out[i] = any = true;
    if (any)
      continue;
    std::string word, near;
    std::copy_if(glob.begin(), glob.end(), std::back_inserter(word),
                 [](char c) { return c != '*' && c != '?'; });
    for (std::string &name : demangled)
      name = std::string(qualified_name(name));
    for (const std::string &name : closest(word, demangled, 3))
      near += (near.empty() ? ". Closest: " : ", ") + name;
    error = fmt::format("no function matches '{}' ({} known){}", glob, with_commas(out.size() - 1),
                        near);
    return false;
  }
  return true;
}

std::string program_text(const Trace &trace) {
  std::string inside;
  if (auto c = trace.info.find("compiler"); c != trace.info.end() && !c->second.empty())
    inside = c->second.substr(0, c->second.find('.')) + ", ";
  inside += with_commas(trace.functions.size() - 1) + " functions";
  return printable(fmt::format("{} ({})", trace.program(), inside));
}

} // namespace luge
