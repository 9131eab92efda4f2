// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/output.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include "tool/message.h"

namespace luge {
namespace {

int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

void Output::flush() {
  if (text_)
    text_->append(buffer_.data(), buffer_.size());
  for (size_t done = 0; !text_ && !error_ && done < buffer_.size();) {
    ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n > 0)
      done += static_cast<size_t>(n);
    else if (n == 0 || errno != EINTR)
      error_ = n == 0 ? EIO : errno;
  }
  buffer_.clear();
}

std::string Output::error() const {
  return error_ == ENOSPC ? "no space left" : std::strerror(error_);
}

bool want_colour(std::string_view when, int fd) {
  if (when != "auto")
    return when == "always";
  const char *no = std::getenv("NO_COLOR");
  return ::isatty(fd) && !(no && *no);
}

int finish_output(Output &out, std::string_view name) {
  out.flush();
  if (!out.failed())
    return 0;
  say("{}: {}", name, out.error());
  return kFailure;
}

Progress::Progress(std::string what, uint64_t total, bool wanted)
    : what_(std::move(what)), total_(std::max<uint64_t>(total, 1)), started_ms_(now_ms()),
      enabled_(wanted && !is_quiet() && ::isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (shown_ms_)
    fmt::print(stderr, "\r\033[K");
}

void Progress::show(uint64_t done) {
  next_ = done + std::max<uint64_t>(total_ / 200, 1);
  int64_t now = now_ms();
  if (now - started_ms_ < 500 || now - shown_ms_ < 100)
    return;
  shown_ms_ = now;
  fmt::print(stderr, "\rluge: {}: {} %\033[K", what_, std::min<uint64_t>(done * 100 / total_, 100));
}

} // namespace luge
