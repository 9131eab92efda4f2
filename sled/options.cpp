// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sled/options.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace luge {
namespace {

using Error = std::optional<std::string>;
using Globs = std::vector<std::string>;

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

bool parse_number(std::string_view text, unsigned &out) {
  if (text.empty() || text.size() > 9)
    return false;
  out = 0;
  for (char c : text) {
    if (c < '0' || c > '9')
      return false;
    out = out * 10 + static_cast<unsigned>(c - '0');
  }
  return true;
}

Error parse(Flavour &out, std::string_view v) {
  if (v == "nop")
    out = Flavour::Nop;
  else if (v == "toggle")
    out = Flavour::Toggle;
  else
    return "nop or toggle";
  return {};
}

Error parse(Order &out, std::string_view v) {
  if (v == "split")
    out = Order::Split;
  else if (v == "local")
    out = Order::Local;
  else
    return "split or local";
  return {};
}

Error parse(Choice &out, std::string_view v) {
  if (v == "yes" || v == "on")
    out = Choice::Yes;
  else if (v == "no" || v == "off")
    out = Choice::No;
  else
    return "yes or no";
  return {};
}

Error parse(bool &out, std::string_view v) {
  Choice c = Choice::Auto;
  if (v.empty()) // a bare key switches on
    v = "on";
  if (parse(c, v))
    return "on or off";
  out = c == Choice::Yes;
  return {};
}

Error parse(Entries &out, std::string_view v) {
  if (v == "luge")
    out = Entries::Luge;
  else if (v == "pfe")
    out = Entries::Pfe;
  else if (v == "both")
    out = Entries::Both;
  else
    return "luge, pfe or both";
  return {};
}

Error parse(unsigned &out, std::string_view v) {
  if (!parse_number(v, out))
    return "a number";
  return {};
}

Error parse(std::string &out, std::string_view v) {
  if (v.empty())
    return "a file name";
  out = v;
  return {};
}

Error parse(Globs &out, std::string_view v) {
  if (v.empty())
    return "a glob";
  out.emplace_back(v);
  return {};
}

Error parse(Nops &out, std::string_view v) { return parse_nops(v, out); }

// Edit distance, for "did you mean".
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t up = row[j];
      row[j] = std::min({up + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = up;
    }
  }
  return row[b.size()];
}

std::string unknown(std::string_view key, std::string_view value) {
  std::string given(key);
  if (!value.empty())
    given += "=" + std::string(value);
  std::string message = "unknown option " + quoted(given) + ".";
  const OptionHelp *best = nullptr;
  size_t best_distance = std::max<size_t>(3, key.size() / 2 + 1); // and above: no likeness
  for (const OptionHelp &o : option_help())
    if (size_t d = distance(key, o.key); d < best_distance) {
      best = &o;
      best_distance = d;
    }
  if (best)
    message += " Did you mean " +
               quoted(best->key + (value.empty() ? "" : "=" + std::string(value))) + "?";
  else {
    message += " Options:";
    for (const OptionHelp &o : option_help())
      message += std::string(" ") + o.key;
  }
  return message;
}

bool allowed_in_rules(std::string_view key) {
  for (const char *k : {"include", "exclude", "include-file", "exclude-file", "min-insns", "keep-loops"})
    if (key == k)
      return true;
  return false;
}

std::string_view trimmed(std::string_view s) {
  size_t begin = s.find_first_not_of(" \t\r");
  if (begin == s.npos)
    return {};
  return s.substr(begin, s.find_last_not_of(" \t\r") - begin + 1);
}

Error read_rules(Options &options) {
  std::ifstream in(options.rules);
  if (!in)
    return "rules=" + options.rules + ": " + std::strerror(errno);
  std::string text;
  for (unsigned number = 1; std::getline(in, text); ++number) {
    std::string_view line = trimmed(text);
    if (line.empty() || line[0] == '#')
      continue;
    auto where = [&] { return options.rules + ":" + std::to_string(number) + ": "; };
    size_t eq = line.find('=');
    std::string_view key = trimmed(line.substr(0, eq));
    if (eq == line.npos || !allowed_in_rules(key))
      return where() + "want KEY=VALUE with include, exclude, include-file, exclude-file, "
                       "min-insns or keep-loops, not " + quoted(line);
    if (Error e = set_option(options, key, trimmed(line.substr(eq + 1))))
      return where() + *e;
  }
  if (in.bad()) // a folder opens, but cannot be read
    return "rules=" + options.rules + ": " + std::strerror(errno);
  return {};
}

} // namespace

std::optional<std::string> parse_nops(std::string_view text, Nops &out) {
  Nops n;
  size_t comma = text.find(',');
  bool ok = parse_number(text.substr(0, comma), n.total);
  if (comma != text.npos)
    ok = ok && parse_number(text.substr(comma + 1), n.prefix);
  if (!ok || n.total > 65535 || n.prefix > n.total)
    return "N or N,M with M <= N <= 65535";
  n.given = true;
  out = n;
  return {};
}

const std::vector<OptionHelp> &option_help() {
  static const std::vector<OptionHelp> table = {
#define OPTION(field, key, type, by_default, help) {key, #type, by_default, help},
#include "sled/options.def"
#undef OPTION
  };
  return table;
}

std::optional<std::string> set_option(Options &options, std::string_view key, std::string_view value) {
#define OPTION(field, name, type, by_default, help)                                                \
  if (key == name) {                                                                               \
    if (Error want = parse(options.field, value))                                                  \
      return "option " + quoted(std::string(key) + "=" + std::string(value)) + ": want " + *want;  \
    return {};                                                                                     \
  }
#include "sled/options.def"
#undef OPTION
  return unknown(key, value);
}

std::optional<std::string> set_options(Options &options, std::string_view text) {
  while (!(text = trimmed(text)).empty()) {
    std::string_view word = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(word.size());
    size_t eq = word.find('=');
    if (Error e = set_option(options, word.substr(0, eq),
                             eq == word.npos ? std::string_view() : word.substr(eq + 1)))
      return e;
  }
  return {};
}

std::optional<std::string> finish_options(Options &options, const Layout &layout) {
  if (!options.rules.empty())
    if (Error e = read_rules(options))
      return e;
  if (options.order != Order::Auto && !layout.global_entry_code)
    return std::string("layout=") + (options.order == Order::Local ? "local" : "split") +
           " belongs to ppc64le: on " + layout.name + " every function has one entry";
  if (!is_power_of_two(options.align) || options.align > 4096)
    return "align=" + std::to_string(options.align) + ": want a power of two up to 4096";
  if (!options.nops.given)
    options.nops.total = layout.default_nops;
  if (options.flavour == Flavour::Toggle) {
    if (options.nops.given)
      return "nops=N,M belongs to flavour=nop: the toggle sled has one size";
    if (options.stub == Choice::No)
      return "stub=no belongs to flavour=nop: a toggle sled is a branch to its stub";
    if (options.entries == Entries::Pfe)
      return "entries=pfe belongs to flavour=nop: readers of that section expect NOPs";
    options.stub = Choice::Yes;
    return {};
  }
  unsigned behind = (options.nops.total - options.nops.prefix) * layout.nop_unit;
  if (options.stub == Choice::Yes && behind < layout.toggle_size)
    return "stub=yes needs a sled of " + std::to_string(layout.toggle_size) +
           " bytes behind the label; nops leaves " + std::to_string(behind);
  if (options.stub == Choice::Yes && options.entries == Entries::Pfe)
    return "stub=yes needs entries=luge or both: the stub is found through luge_sites";
  return {};
}

} // namespace luge
