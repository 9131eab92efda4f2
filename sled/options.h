// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The plugins' options, parsed in one place for both compilers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sled/layout.h"

namespace luge {

enum class Entries : uint8_t { Luge, Pfe, Both };
enum class Choice : uint8_t { Auto, No, Yes };

// Of M NOPs in a function with a global and a local entry; options.def.
enum class Order : uint8_t { Auto, Split, Local };

struct Nops {
  unsigned total = 0;
  unsigned prefix = 0;
  bool given = false;
};

struct Options {
  Flavour flavour = Flavour::Nop;
  Nops nops;
  Order order = Order::Auto;
  unsigned align = 1; // of functions with a sled, at least; a power of two
  Choice stub = Choice::Auto;
  Entries entries = Entries::Luge;
  std::vector<std::string> include, exclude, include_file, exclude_file;
  unsigned min_insns = 0;
  bool keep_loops = false;
  std::string rules;
  bool exits = false;
  bool names = false;
  std::string report;
};

// Each returns what is wrong in one line ("unknown option 'nop=5'. Did you mean 'nops=5'?"),
// or nothing. A later value of a single-valued option replaces the earlier one.
std::optional<std::string> set_option(Options &options, std::string_view key, std::string_view value);
std::optional<std::string> set_options(Options &options, std::string_view space_separated);
// "N" or "N,M": decimal, M <= N <= 65535. Also for the patchable_function_entry attribute.
std::optional<std::string> parse_nops(std::string_view text, Nops &out);
// After the last option: reads the rules file, checks combinations against the layout.
std::optional<std::string> finish_options(Options &options, const Layout &layout);

struct OptionHelp {
  const char *key, *value, *by_default, *help;
};
const std::vector<OptionHelp> &option_help();

} // namespace luge
