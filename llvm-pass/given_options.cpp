// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "given_options.h"

#include <cstdlib>
#include <fstream>
#include <unistd.h>
#include <vector>

#include "llvm/Support/CommandLine.h"

namespace luge {
namespace {

using List = llvm::cl::list<std::string>;

struct CommandLine {
  std::vector<std::pair<std::string, List *>> lists; // by key
  std::vector<std::string> plugin_arguments;
};

// Never destroyed: LLVM looks at its options until the very end.
CommandLine &command_line() {
  static CommandLine *instance = new CommandLine;
  return *instance;
}

bool is_path(std::string_view key) {
  for (const OptionHelp &o : option_help())
    if (o.key == key)
      return std::string_view(o.value) == "Path";
  return false;
}

std::string absolute(std::string_view path) {
  char here[4096];
  if (path.empty() || path[0] == '/' || !getcwd(here, sizeof here))
    return std::string(path);
  return std::string(here) + "/" + std::string(path);
}

std::string option_line(std::string_view key_value) {
  size_t eq = key_value.find('=');
  std::string_view key = key_value.substr(0, eq);
  if (eq == key_value.npos)
    return std::string(key) + "\n";
  std::string_view value = key_value.substr(eq + 1);
  return std::string(key) + "=" + (is_path(key) ? absolute(value) : std::string(value)) + "\n";
}

std::string environment_options() {
  const char *text = std::getenv("LUGE_PLUGIN");
  std::string lines;
  for (std::string_view rest = text ? text : ""; !rest.empty();) {
    size_t end = rest.find_first_of(" \t\n");
    if (end != 0)
      lines += option_line(rest.substr(0, end));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return lines;
}

} // namespace

void declare_command_line() {
  auto declare = [](const char *name, const char *help) {
    auto *list = new List(llvm::StringRef(name), llvm::cl::desc(help), llvm::cl::ValueOptional,
                          llvm::cl::ZeroOrMore);
    command_line().lists.emplace_back(name + 5, list); // behind "luge-"
  };
#define OPTION(field, key, type, by_default, help) declare("luge-" key, help);
#include "sled/options.def"
#undef OPTION
}

void set_plugin_arguments(const std::vector<std::string> &key_values) {
  command_line().plugin_arguments = key_values;
}

void find_plugin_arguments() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  const std::string driver = "-fplugin-arg-luge-", cc1 = "-plugin-arg-luge";
  std::vector<std::string> found;
  bool next = false; // -cc1 -plugin-arg-luge KEY=VALUE
  for (std::string word; std::getline(in, word, '\0');) {
    if (next)
      found.push_back(word);
    else if (word.compare(0, driver.size(), driver) == 0)
      found.push_back(word.substr(driver.size()));
    next = word == cc1;
  }
  command_line().plugin_arguments = found;
}

std::string command_line_options() {
  std::string lines;
  for (const auto &[key, list] : command_line().lists)
    for (const std::string &value : *list)
      lines += option_line(value.empty() ? key : key + "=" + value);
  for (const std::string &argument : command_line().plugin_arguments)
    lines += option_line(argument);
  return lines;
}

std::string given_options() { return environment_options() + command_line_options(); }

const OptionReader::Result &OptionReader::read(const std::string &lines, const Layout &layout) {
  std::unique_ptr<Result> &entry = known[lines];
  if (entry)
    return *entry;
  entry = std::make_unique<Result>();
  for (std::string_view rest = lines; !rest.empty() && !entry->error;) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    size_t eq = line.find('=');
    entry->error = set_option(entry->options, line.substr(0, eq),
                              eq == line.npos ? std::string_view() : line.substr(eq + 1));
  }
  if (!entry->error)
    entry->error = finish_options(entry->options, layout);
  return *entry;
}

} // namespace luge
