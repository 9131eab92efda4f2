// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/trace_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "tool/message.h"
#include "tool/text.h"
#include "tool/trace_file.h"

namespace luge {

std::unique_ptr<TraceFile> TraceFile::open(const std::string &path, std::string &error) {
  std::unique_ptr<TraceFile> file(new TraceFile);
  auto refuse = [&](std::string_view what) {
    error = fmt::format("{}: {}", path, what);
    return nullptr;
  };
  file->fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file->fd_ < 0)
    return refuse(std::strerror(errno));
  struct stat st;
  if (fstat(file->fd_, &st) != 0)
    return refuse(std::strerror(errno));
  if (S_ISDIR(st.st_mode))
    return refuse("a directory, not a trace file");
  if (!S_ISREG(st.st_mode))
    return refuse("not a regular file");
  file->size_ = static_cast<uint64_t>(st.st_size);
  if (file->size_ == 0)
    return refuse("an empty file");
  return file;
}

TraceFile::~TraceFile() {
  if (fd_ >= 0)
    ::close(fd_);
}

bool TraceFile::read(uint64_t offset, void *to, size_t bytes) const {
  if (offset > size_ || bytes > size_ - offset)
    return false;
  for (char *p = static_cast<char *>(to); bytes;) {
    ssize_t n = ::pread(fd_, p, bytes, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    p += n;
    offset += static_cast<uint64_t>(n);
    bytes -= static_cast<size_t>(n);
  }
  return true;
}

TraceReader::TraceReader() = default;
TraceReader::~TraceReader() = default;

std::unique_ptr<TraceReader> TraceReader::open(const std::string &path, std::string &error) {
  std::unique_ptr<TraceReader> reader(new TraceReader);
  reader->file_ = TraceFile::open(path, error);
  if (!reader->file_)
    return nullptr;
  Trace &trace = reader->trace_;
  trace.path = path;
  trace.bytes = reader->file_->size();
  uint64_t magic = 0;
  std::string what;
  if (!reader->file_->read(0, magic) || (magic != kFileMagic && magic != kSessionMagic))
    what = "not a luge trace; record one with luge record";
  else if (magic == kSessionMagic)
    what = index_session(*reader->file_, trace);
  else
    what = index_trace_file(*reader->file_, trace);
  if (what.empty())
    return reader;
  error = path + ": " + what;
  return nullptr;
}

bool TraceReader::load(const TracePage &page, std::vector<uint64_t> &words) {
  constexpr size_t header = sizeof(EventsChunk);
  static_assert(sizeof(EventsChunk) == sizeof(BlockHeader));
  buffer_.resize(header + page.words * sizeof(uint64_t));
  bool good = file_->read(page.offset, buffer_.data(), buffer_.size()) &&
              (!page.hashed || XXH3_64bits(buffer_.data(), buffer_.size()) == page.hash);
  if (!good) {
    ++damaged_;
    words.clear();
    say("{}: page {} of {} is damaged: skipped, the rest is shown", trace_.path,
        with_commas(page.number), with_commas(trace_.page_count));
    return false;
  }
  words.resize(page.words);
  std::memcpy(words.data(), buffer_.data() + header, page.words * sizeof(uint64_t));
  return true;
}

} // namespace luge
