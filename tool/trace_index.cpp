// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Index of a trace file: one pass over the chunk headers. The payload of events is not read here
// (load() checks it); everything else is small and is checked and taken at once. Where a header
// is damaged the pass looks for the next chunk whose hash is right.
#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <xxhash.h>

#include "tool/text.h"
#include "tool/trace_file.h"

namespace luge {
namespace {

class Indexer {
public:
  Indexer(const TraceFile &file, Trace &trace) : file_(file), trace_(trace), builder_(trace) {}
  std::string run();

private:
  bool plausible(uint64_t offset, ChunkHeader &header) const;
  bool hash_right(uint64_t offset, const ChunkHeader &header) const;
  uint64_t resume(uint64_t offset) const;
  bool take(uint64_t offset, const ChunkHeader &header);
  bool take_events(uint64_t offset, const ChunkHeader &header);
  bool take_meta(const ChunkHeader &header, std::string_view payload);
  bool take_module(std::string_view payload);
  void take_info(std::string_view payload);
  uint32_t thread_of(uint32_t number);
  void damaged() { damaged_.push_back(pages_); }

  static uint64_t padded(uint64_t bytes) { return (bytes + 7) / 8 * 8; }

  const TraceFile &file_;
  Trace &trace_;
  TraceBuilder builder_;
  std::unordered_map<uint32_t, uint32_t> threads_;
  uint64_t pages_ = 0;
  std::vector<uint64_t> damaged_; // numbers of pages
};

template <typename T> bool cut(std::string_view &bytes, T &out) {
  if (bytes.size() < sizeof out)
    return false;
  std::memcpy(&out, bytes.data(), sizeof out);
  bytes.remove_prefix(sizeof out);
  return true;
}

bool Indexer::plausible(uint64_t offset, ChunkHeader &h) const {
  return file_.read(offset, h) && h.magic == kChunkMagic &&
         h.bytes <= file_.size() - offset - sizeof h;
}

bool Indexer::hash_right(uint64_t offset, const ChunkHeader &h) const {
  if (h.bytes > kMaxMetaBytes)
    return false;
  std::vector<char> payload(h.bytes);
  return file_.read(offset + sizeof h, payload.data(), payload.size()) &&
         XXH3_64bits(payload.data(), payload.size()) == h.hash;
}

// The next chunk from `offset` on that is whole, or the end of the file.
uint64_t Indexer::resume(uint64_t offset) const {
  constexpr size_t window = 1 << 16;
  std::vector<uint64_t> words(window / sizeof(uint64_t));
  uint64_t budget = 64 * kMaxPageBytes; // of hashing in vain: a hostile file is full of magics
  for (; offset + sizeof(ChunkHeader) <= file_.size(); offset += window) {
    size_t bytes = std::min<uint64_t>(window, file_.size() - offset);
    if (!file_.read(offset, words.data(), bytes))
      break;
    for (size_t i = 0; i < bytes / sizeof(uint64_t); ++i) {
      ChunkHeader h;
      uint64_t here = offset + i * sizeof(uint64_t);
      if (static_cast<uint32_t>(words[i]) != kChunkMagic || !plausible(here, h) || h.bytes > budget)
        continue;
      if (hash_right(here, h))
        return here;
      budget -= h.bytes;
    }
  }
  return file_.size();
}

void Indexer::take_info(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (size_t eq = line.find('='); eq != line.npos)
      trace_.info[std::string(line.substr(0, eq))] = line.substr(eq + 1);
  }
}

bool Indexer::take_module(std::string_view payload) {
  ModuleChunk h;
  if (!cut(payload, h) || h.build_id_size > sizeof h.build_id || payload.size() < h.path_bytes)
    return false;
  TraceModule m;
  m.pid = h.pid;
  m.path = payload.substr(0, h.path_bytes);
  payload.remove_prefix(h.path_bytes);
  if (payload.size() != uint64_t(h.sites) * sizeof(SiteInfo) + h.names_bytes)
    return false;
  m.bias = h.bias;
  m.loaded_tsc = h.loaded_tsc;
  m.unloaded_tsc = h.unloaded_tsc;
  m.build_id.assign(h.build_id, h.build_id + h.build_id_size);
  m.sites.resize(h.sites);
  if (h.sites)
    std::memcpy(m.sites.data(), payload.data(), h.sites * sizeof(SiteInfo));
  m.names = payload.substr(h.sites * sizeof(SiteInfo));
  builder_.add_module(m);
  return true;
}

uint32_t Indexer::thread_of(uint32_t number) {
  auto [at, added] = threads_.emplace(number, 0);
  if (added) { // events of a thread whose own chunk is lost
    TraceThread thread;
    thread.tid = number;
    at->second = builder_.add_thread(thread);
  }
  return at->second;
}

bool Indexer::take_events(uint64_t offset, const ChunkHeader &h) {
  EventsChunk events;
  if (h.bytes < sizeof events || h.bytes > kMaxPageBytes ||
      !file_.read(offset + sizeof h, events) ||
      h.bytes != sizeof events + uint64_t(events.count) * sizeof(uint64_t))
    return false;
  TracePage page;
  page.offset = offset + sizeof h;
  page.hash = h.hash;
  page.hashed = true;
  page.first_tsc = events.first_tsc;
  page.sequence = events.sequence;
  page.lost_before = events.lost_before;
  page.words = events.count;
  page.number = static_cast<uint32_t>(pages_);
  builder_.add_page(thread_of(events.thread), page);
  return true;
}

bool Indexer::take_meta(const ChunkHeader &h, std::string_view payload) {
  switch (h.type) {
  case ChunkType::Info:
    take_info(payload);
    return true;
  case ChunkType::Clock: {
    ClockPair pair;
    bool good = cut(payload, pair);
    if (good)
      builder_.add_clock(pair);
    return good;
  }
  case ChunkType::Module:
    return take_module(payload);
  case ChunkType::Thread: {
    ThreadChunk t;
    if (!cut(payload, t))
      return false;
    TraceThread thread;
    thread.pid = t.pid;
    thread.tid = t.tid;
    thread.parent_pid = t.parent_pid;
    thread.started_tsc = t.started_tsc;
    thread.comm.assign(t.comm, strnlen(t.comm, sizeof t.comm));
    threads_[t.thread] = builder_.add_thread(thread);
    return true;
  }
  case ChunkType::Lost: {
    LostChunk lost;
    if (!cut(payload, lost))
      return false;
    trace_.lost_threads += lost.threads;
    trace_.lost += lost.events;
    return true;
  }
  case ChunkType::End:
    trace_.complete = cut(payload, trace_.end);
    return trace_.complete;
  case ChunkType::Events:
    break;
  }
  return true; // a chunk of a later version of the format: not ours to judge
}

bool Indexer::take(uint64_t offset, const ChunkHeader &h) {
  if (h.type == ChunkType::Events)
    return take_events(offset, h);
  if (h.bytes > kMaxMetaBytes)
    return false;
  std::vector<char> payload(h.bytes);
  return file_.read(offset + sizeof h, payload.data(), payload.size()) &&
         XXH3_64bits(payload.data(), payload.size()) == h.hash &&
         take_meta(h, {payload.data(), payload.size()});
}

std::string Indexer::run() {
  FileHeader header;
  if (!file_.read(0, header))
    return "cut off in its header: nothing to show";
  if (header.version != kFormatVersion)
    return fmt::format("trace format {}; this luge reads {}: use the luge that recorded it",
                       header.version, kFormatVersion);
  bool cut_off = false;
  for (uint64_t offset = sizeof header; offset < file_.size();) {
    ChunkHeader chunk;
    ++pages_;
    uint64_t next = file_.size();
    bool good = plausible(offset, chunk);
    if (good)
      next = offset + sizeof chunk + padded(chunk.bytes);
    ChunkHeader following;
    bool chained = good && (next >= file_.size() || plausible(next, following));
    if (good && chained) {
      if (!take(offset, chunk))
        damaged();
    } else if (good && hash_right(offset, chunk)) {
      take(offset, chunk); // whole itself; the damage begins behind it
    } else {
      next = resume(offset + sizeof(uint64_t));
      cut_off = next >= file_.size();
      if (!cut_off)
        damaged();
    }
    offset = next;
  }
  trace_.page_count = pages_;
  for (uint64_t page : damaged_)
    trace_.warnings.push_back(fmt::format("page {} of {} is damaged: skipped, the rest is shown",
                                          with_commas(page), with_commas(pages_)));
  if (cut_off)
    trace_.warnings.push_back(
        fmt::format("cut off in page {}: what is before it is shown", with_commas(pages_)));
  else if (!trace_.complete)
    trace_.warnings.push_back("recording did not end in order: what was written is shown");
  builder_.finish();
  return {};
}

} // namespace

std::string index_trace_file(const TraceFile &file, Trace &trace) {
  return Indexer(file, trace).run();
}

} // namespace luge
