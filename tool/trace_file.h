// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Inside the reader: the file, and the two ways of making an index of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tool/trace_model.h"

namespace luge {

inline constexpr uint64_t kMaxMetaBytes = 1u << 30; // a module chunk: 10 M functions

class TraceFile {
public:
  static std::unique_ptr<TraceFile> open(const std::string &path, std::string &error);
  ~TraceFile();
  TraceFile(const TraceFile &) = delete;
  TraceFile &operator=(const TraceFile &) = delete;

  bool read(uint64_t offset, void *to, size_t bytes) const; // all of it or false
  template <typename T> bool read(uint64_t offset, T &to) const {
    return read(offset, &to, sizeof to);
  }
  uint64_t size() const { return size_; }

private:
  TraceFile() = default;

  int fd_ = -1;
  uint64_t size_ = 0;
};

// Puts modules and threads into a Trace; the same for both kinds of file.
class TraceBuilder {
public:
  explicit TraceBuilder(Trace &trace);
  void add_module(const TraceModule &module);
  void add_clock(const ClockPair &pair) { clocks_.push_back(pair); }
  uint32_t add_thread(TraceThread thread); // index, valid until finish()
  void add_page(uint32_t thread, const TracePage &page);
  void finish();

private:
  uint32_t function_of(uint32_t object, const TraceModule &module, const SiteInfo &site);
  void finish_clock();
  void give_processes();

  struct KeyHash {
    size_t operator()(const std::pair<uint32_t, uint64_t> &k) const {
      return (k.second ^ uint64_t(k.first) << 48) * 0x9e3779b97f4a7c15u >> 7;
    }
  };
  Trace &trace_;
  std::vector<ClockPair> clocks_;
  std::map<std::string, uint32_t> objects_;
  std::map<uint64_t, std::shared_ptr<const ModuleTable>> tables_; // by content
  std::unordered_map<std::pair<uint32_t, uint64_t>, uint32_t, KeyHash> functions_;
};

// Both return an error in words, or an empty string.
std::string index_trace_file(const TraceFile &file, Trace &trace);
std::string index_session(const TraceFile &file, Trace &trace);

} // namespace luge
