// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/text.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace luge {

std::string with_commas(uint64_t number) {
  std::string digits = std::to_string(number), out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i && (digits.size() - i) % 3 == 0)
      out += ',';
    out += digits[i];
  }
  return out;
}

std::string byte_text(uint64_t bytes) {
  static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < std::size(units); ++unit)
    value /= 1000;
  return fmt::format("{:.{}f} {}", value, unit && value < 9.95 ? 1 : 0, units[unit]);
}

std::string time_text(double ns, int digits) {
  static const char *const units[] = {"ns", "us", "ms", "s"};
  size_t unit = 0;
  // 999.6 us is 1.00 ms, not 1000 us: step up where rounding to whole units would.
  for (; std::fabs(ns) >= 999.5 && unit + 1 < std::size(units); ++unit)
    ns /= 1000;
  int whole = std::fabs(ns) >= 99.5 ? 3 : std::fabs(ns) >= 9.95 ? 2 : 1;
  int decimals = unit == 0 ? 0 : std::max(0, digits - whole);
  return fmt::format("{:.{}f} {}", ns, decimals, units[unit]);
}

std::string graph_duration(double ns) {
  double us = ns / 1000;
  int decimals = us < 100 ? 3 : us < 1000 ? 2 : us < 10000 ? 1 : 0;
  return fmt::format("{:.{}f} us", us, decimals);
}

char graph_mark(double ns) {
  static const struct {
    double above;
    char mark;
  } marks[] = {{1e9, '$'}, {1e8, '@'}, {1e7, '*'}, {1e6, '#'}, {1e5, '!'}, {1e4, '+'}};
  for (auto [above, mark] : marks)
    if (ns > above)
      return mark;
  return ' ';
}

std::optional<double> parse_time(std::string_view text) {
  double value = 0;
  auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !(value >= 0) || !(value < 1e18))
    return {};
  std::string_view unit(rest, static_cast<size_t>(text.data() + text.size() - rest));
  if (unit.empty() || unit == "ns")
    return value;
  if (unit == "us")
    return value * 1e3;
  if (unit == "ms")
    return value * 1e6;
  if (unit == "s")
    return value * 1e9;
  return {};
}

} // namespace luge
