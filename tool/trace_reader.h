// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens a trace file or the session of a program that is gone, and reads its pages. Memory holds
// the index and the names, never the events: those come a page at a time through load().
//
// The file may be anything. Damaged chunks are skipped and said once, sizes are checked against
// the file before memory is taken, and whatever is left is shown.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tool/trace_model.h"

namespace luge {

class TraceFile;

class TraceReader {
public:
  // nullptr: `error` says why. Warnings about what could be opened are in trace().warnings.
  static std::unique_ptr<TraceReader> open(const std::string &path, std::string &error);
  ~TraceReader();

  Trace &trace() { return trace_; }
  const Trace &trace() const { return trace_; }

  // The words of a page. False if it is damaged: said once, through say(), and counted.
  bool load(const TracePage &page, std::vector<uint64_t> &words);
  uint64_t damaged_pages() const { return damaged_; }

private:
  TraceReader();
  std::unique_ptr<TraceFile> file_;
  std::vector<char> buffer_;
  Trace trace_;
  uint64_t damaged_ = 0;
};

// The function that `id` means in the thread's process at that time.
inline uint32_t find_function(const TraceThread &thread, uint32_t id, uint64_t tsc) {
  return thread.process ? thread.process->find(id, tsc) : kUnknownFunction;
}

} // namespace luge
