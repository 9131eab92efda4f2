// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where views write: buffered, with the first error kept, and colour only where it is wanted.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace luge {

class Output {
public:
  explicit Output(int fd) : fd_(fd) {}
  explicit Output(std::string &text) : text_(&text) {}
  ~Output() { flush(); }
  Output(const Output &) = delete;
  Output &operator=(const Output &) = delete;

  template <typename... A> void print(fmt::format_string<A...> format, A &&...arguments) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<A>(arguments)...);
    if (buffer_.size() >= kFlushBytes)
      flush();
  }
  void write(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() >= kFlushBytes)
      flush();
  }
  void flush();
  bool failed() const { return error_ != 0; }
  std::string error() const; // "no space left"

  bool colour = false;

private:
  static constexpr size_t kFlushBytes = 1 << 16;
  fmt::memory_buffer buffer_;
  std::string *text_ = nullptr;
  int fd_ = -1, error_ = 0;
};

// "auto" is colour on a terminal, unless NO_COLOR is set.
bool want_colour(std::string_view when, int fd);

// "luge: standard output: no space left" and status 1 if writing failed, else 0.
int finish_output(Output &out, std::string_view name);

// Percent on stderr, in place, for work that takes more than half a second; nothing if stderr is
// not a terminal or with -q.
class Progress {
public:
  // `wanted` false: not while the view itself goes to the terminal.
  Progress(std::string what, uint64_t total, bool wanted = true);
  ~Progress();
  void at(uint64_t done) {
    if (enabled_ && done >= next_)
      show(done);
  }

private:
  void show(uint64_t done);
  std::string what_;
  uint64_t total_, next_ = 0;
  int64_t started_ms_, shown_ms_ = 0;
  bool enabled_;
};

} // namespace luge
