// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes a trace file (sled/trace_format.h) through one large buffer. The first error is kept in
// words and everything after it is refused, so that the file ends behind a whole chunk or in a
// torn one that the reader drops: what was written before stays readable.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sled/trace_format.h"

namespace luge {

// One instrumented object of one process, as the file has it.
struct TraceModule {
  uint32_t pid = 0;
  std::string path;
  uint64_t bias = 0, loaded_tsc = 0, unloaded_tsc = 0;
  std::vector<uint8_t> build_id; // at most 20 bytes
  std::vector<SiteInfo> sites;   // SiteInfo::name: an offset into names or ~0u
  std::string names;             // NUL-terminated mangled names
};

// The largest payload of one events chunk; readers refuse more. The recorder writes a block (64
// KiB).
inline constexpr uint64_t kMaxPageBytes = 4 << 20;

class TraceWriter {
public:
  TraceWriter() = default;
  ~TraceWriter();
  TraceWriter(const TraceWriter &) = delete;
  TraceWriter &operator=(const TraceWriter &) = delete;

  // Creates or replaces the file. All of these return false once something has gone wrong.
  bool open(const std::string &path);
  bool info(std::string_view lines); // "key=value\n", any number
  bool clock(const ClockPair &pair);
  bool module(const TraceModule &module);
  bool thread(const ThreadChunk &thread);
  bool events(const EventsChunk &header, std::span<const uint64_t> words); // count is set here
  bool lost(const LostChunk &lost);
  bool end(const EndChunk &end);
  bool flush(); // everything so far is in the file
  bool close(); // flush, then close; the file stays

  const std::string &error() const { return error_; } // "app.luge: no space left"; empty: none
  uint64_t bytes_written() const { return written_; } // that reached the file
  uint64_t events_written() const { return events_; } // words in chunks that are whole in the file
  const std::string &path() const { return path_; }

private:
  // The chunks that wait in the buffer: where each ends, how many events it holds.
  struct Waiting {
    size_t end;
    uint64_t events;
  };

  bool chunk(ChunkType type, std::initializer_list<std::string_view> parts, uint64_t events = 0);
  bool fail(int error_number);

  std::string path_, error_;
  int fd_ = -1;
  std::vector<char> buffer_;
  std::vector<Waiting> waiting_;
  uint64_t written_ = 0, events_ = 0;
};

} // namespace luge
