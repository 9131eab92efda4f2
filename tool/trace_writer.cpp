// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/trace_writer.h"

#include <cerrno>
#include <cstddef>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

namespace luge {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

template <typename T> std::string_view bytes_of(const T &value) {
  return {reinterpret_cast<const char *>(&value), sizeof value};
}

template <typename T> std::string_view bytes_of_all(std::span<const T> values) {
  return {reinterpret_cast<const char *>(values.data()), values.size_bytes()};
}

} // namespace

TraceWriter::~TraceWriter() { close(); }

bool TraceWriter::open(const std::string &path) {
  path_ = path;
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd_ < 0)
    return fail(errno);
  buffer_.reserve(kBufferBytes + kBlockBytes + 4096);
  FileHeader header = {kFileMagic, kFormatVersion, sizeof(FileHeader)};
  std::string_view bytes = bytes_of(header);
  buffer_.assign(bytes.begin(), bytes.end());
  waiting_.push_back({buffer_.size(), 0});
  return flush();
}

bool TraceWriter::fail(int error_number) {
  const char *what = error_number == ENOSPC ? "no space left" : std::strerror(error_number);
  if (error_.empty())
    error_ = path_ + ": " + what;
  buffer_.clear();
  waiting_.clear();
  return false;
}

bool TraceWriter::chunk(ChunkType type, std::initializer_list<std::string_view> parts,
                        uint64_t events) {
  if (fd_ < 0 || !error_.empty())
    return false;
  ChunkHeader header = {kChunkMagic, type, 0, 0};
  for (std::string_view part : parts)
    header.bytes += part.size();
  if (!buffer_.empty() && buffer_.size() + sizeof header + header.bytes > kBufferBytes && !flush())
    return false;
  size_t start = buffer_.size();
  buffer_.insert(buffer_.end(), sizeof header, 0);
  for (std::string_view part : parts)
    buffer_.insert(buffer_.end(), part.begin(), part.end());
  header.hash = XXH3_64bits(buffer_.data() + start + sizeof header, header.bytes);
  std::memcpy(buffer_.data() + start, &header, sizeof header);
  buffer_.resize((buffer_.size() + 7) / 8 * 8);
  waiting_.push_back({buffer_.size(), events});
  return true;
}

bool TraceWriter::flush() {
  if (fd_ < 0 || !error_.empty())
    return false;
  size_t done = 0;
  int error_number = 0;
  while (done < buffer_.size() && !error_number) {
    ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n > 0)
      done += static_cast<size_t>(n);
    else if (n == 0)
      error_number = EIO;
    else if (errno != EINTR)
      error_number = errno;
  }
  size_t whole = 0;
  for (const Waiting &w : waiting_)
    if (w.end <= done) {
      whole = w.end;
      events_ += w.events;
    }
  written_ += whole;
  if (error_number) {
    // Drop the torn chunk: what stays ends in a whole one. A device refuses; nothing is lost by it.
    if (done > whole && ::ftruncate(fd_, static_cast<off_t>(written_)) != 0 && errno == EIO)
      error_number = EIO;
    return fail(error_number);
  }
  buffer_.clear();
  waiting_.clear();
  return true;
}

bool TraceWriter::close() {
  if (fd_ < 0)
    return error_.empty();
  bool ok = flush();
  int closed = ::close(fd_);
  fd_ = -1;
  if (closed != 0 && ok)
    return fail(errno);
  return ok;
}

bool TraceWriter::info(std::string_view lines) { return chunk(ChunkType::Info, {lines}); }

bool TraceWriter::clock(const ClockPair &pair) { return chunk(ChunkType::Clock, {bytes_of(pair)}); }

bool TraceWriter::module(const TraceModule &m) {
  ModuleChunk header = {};
  header.pid = m.pid;
  header.path_bytes = static_cast<uint32_t>(m.path.size());
  header.bias = m.bias;
  header.loaded_tsc = m.loaded_tsc;
  header.unloaded_tsc = m.unloaded_tsc;
  header.sites = static_cast<uint32_t>(m.sites.size());
  header.names_bytes = static_cast<uint32_t>(m.names.size());
  header.build_id_size = static_cast<uint32_t>(std::min(m.build_id.size(), sizeof header.build_id));
  std::memcpy(header.build_id, m.build_id.data(), header.build_id_size);
  return chunk(ChunkType::Module, {bytes_of(header), m.path,
                                   bytes_of_all(std::span<const SiteInfo>(m.sites)), m.names});
}

bool TraceWriter::thread(const ThreadChunk &thread) {
  return chunk(ChunkType::Thread, {bytes_of(thread)});
}

bool TraceWriter::events(const EventsChunk &given, std::span<const uint64_t> words) {
  EventsChunk header = given;
  header.count = static_cast<uint32_t>(words.size());
  return chunk(ChunkType::Events, {bytes_of(header), bytes_of_all(words)}, words.size());
}

bool TraceWriter::lost(const LostChunk &lost) { return chunk(ChunkType::Lost, {bytes_of(lost)}); }
bool TraceWriter::end(const EndChunk &end) { return chunk(ChunkType::End, {bytes_of(end)}); }

} // namespace luge
