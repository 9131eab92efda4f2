// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a trace is once its index has been read: functions, processes, threads and the pages that
// hold their events. Events themselves are never here: they are read page by page.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sled/trace_format.h"
#include "tool/trace_writer.h"

namespace luge {

inline constexpr uint32_t kUnknownFunction = 0; // index of the function that stands for unknown ids

struct TraceFunction {
  std::string name;     // mangled; empty: none known
  uint32_t object = 0;  // index into Trace::objects
  uint64_t address = 0; // in the object's file
  uint8_t kind = 0, flags = 0, prefix = 0, stack_args = 0;
  bool has_exit = true;
};

struct TraceObject {
  std::string path;
  std::vector<uint8_t> build_id;
  uint32_t sites = 0, nameless = 0;
};

// id -> function of one module at one load address; shared by the processes that have it there.
class ModuleTable {
public:
  ModuleTable(std::vector<std::pair<uint32_t, uint32_t>> id_and_function);
  bool covers(uint32_t id) const { return id - min_ <= span_; }
  uint32_t find(uint32_t id) const {
    if (!covers(id))
      return kUnknownFunction;
    return dense_.empty() ? find_sparse(id) : dense_[id - min_];
  }
  uint32_t min() const { return min_; }
  uint32_t max() const { return min_ + span_; }

private:
  uint32_t find_sparse(uint32_t id) const;
  uint32_t min_ = 0, span_ = 0;
  std::vector<uint32_t> dense_;                       // slots are neighbours: usually no holes
  std::vector<std::pair<uint32_t, uint32_t>> sparse_; // sorted by id, where there are
};

struct LoadedModule {
  std::shared_ptr<const ModuleTable> table;
  uint64_t loaded_tsc = 0, unloaded_tsc = 0; // unloaded 0: to the end
};

class Process {
public:
  uint32_t pid = 0;

  void add(LoadedModule module) { modules_.push_back(std::move(module)); }
  void finish(); // after the last add()
  bool empty() const { return modules_.empty(); }
  uint32_t find(uint32_t id, uint64_t tsc) {
    if (last_ < modules_.size() && !overlap_ && modules_[last_].table->covers(id))
      return modules_[last_].table->find(id);
    return find_slowly(id, tsc);
  }

private:
  uint32_t find_slowly(uint32_t id, uint64_t tsc);
  std::vector<LoadedModule> modules_; // sorted by lowest id
  size_t last_ = 0;
  bool overlap_ = false; // ids in use by one module after another: time decides
};

struct TracePage {
  uint64_t offset = 0; // of a 32-byte header, then words
  uint64_t hash = 0;   // of both; only with `hashed`
  uint64_t first_tsc = 0, sequence = 0, lost_before = 0;
  uint32_t words = 0;
  uint32_t number = 0; // of the page in its file, from 1
  bool hashed = false;
};

struct TraceThread {
  uint32_t pid = 0, tid = 0, parent_pid = 0;
  uint64_t started_tsc = 0;
  std::string comm;
  Process *process = nullptr;
  std::vector<TracePage> pages; // by sequence
  uint64_t first_tsc() const { return pages.empty() ? started_tsc : pages.front().first_tsc; }
};

// Time stamps to nanoseconds since `base_tsc`: linear between the two clock pairs of the file.
struct TraceClock {
  uint64_t base_tsc = 0, base_monotonic_ns = 0, base_realtime_ns = 0;
  double ns_per_tick = 0; // 0: not known
  bool from_file = false;

  double ticks_ns(double ticks) const { return ticks * ns_per_tick; }
  int64_t ns(uint64_t tsc) const; // since base_tsc, saturating
};

struct Trace {
  std::string path;
  bool is_session = false; // the shared memory of a program, not a file of the recorder
  bool complete = false;   // recording ended in order
  std::map<std::string, std::string> info;
  TracerKind tracer = TracerKind::FunctionGraph;
  TraceClock clock;
  EndChunk end = {};
  uint64_t lost = 0, lost_threads = 0;
  uint64_t bytes = 0, page_count = 0, words = 0;
  std::vector<TraceObject> objects;
  std::vector<TraceFunction> functions; // [kUnknownFunction] is none of them
  std::map<uint32_t, Process> processes;
  std::vector<TraceThread> threads;  // by time of their first event
  std::vector<std::string> warnings; // about the whole, in words

  std::string program() const; // base name
  bool has_graph() const { return tracer == TracerKind::FunctionGraph; }
};

} // namespace luge
