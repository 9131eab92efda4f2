// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Messages of the runtime: one line on standard error, "luge: " in front,
// written with one write(2), without stdio and without touching errno.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace luge::sys {

class Line {
public:
  Line &operator<<(std::string_view s);
  Line &operator<<(const char *s) { return *this << std::string_view(s); }
  Line &operator<<(uint64_t n);
  Line &operator<<(int n) { return n < 0 ? *this << "-" << static_cast<uint64_t>(-static_cast<int64_t>(n))
                                         : *this << static_cast<uint64_t>(n); }
  Line &hex(uint64_t n);
  ~Line(); // writes

private:
  char text[512];
  size_t size = 0;
};

inline Line report() {
  Line line;
  line << "luge: ";
  return line;
}

// nullptr where the variable is absent or empty.
const char *environment(const char *name);
// Decimal; false where `text` is not a number.
bool parse_number(const char *text, uint64_t *out);
const char *error_text(long negative_errno);

} // namespace luge::sys
