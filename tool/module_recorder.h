// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Turns the module entries of a session into Module chunks: as soon as they appear, because the
// file may be replaced or deleted later, and on another thread, because reading a large ELF file
// takes longer than a ring takes to fill. An object that is unloaded afterwards keeps its chunk:
// where another takes its place in memory, the one that was loaded last before an event is meant.
#pragma once

#include <cstdint>
#include <future>
#include <set>
#include <string>
#include <vector>

#include "tool/module_sites.h"
#include "tool/session.h"
#include "tool/trace_writer.h"

namespace luge {

class ModuleRecorder {
public:
  ModuleRecorder(const SharedSession &session, TraceWriter &writer)
      : session_(session), writer_(writer) {}

  void poll();             // starts and collects what can be without waiting
  void finish();           // waits for all
  bool is_waiting() const; // for a file that is being read

  uint32_t count() const { return static_cast<uint32_t>(modules_.size()); }
  uint64_t sites() const; // functions of all, counted once for each file
  const std::vector<std::string> &warnings() const { return warnings_; }
  std::vector<std::string> names() const; // mangled, of all functions, sorted, unique

private:
  struct Recorded {
    uint32_t index;
    std::future<ResolvedModule> pending;
    TraceModule module;
    bool written = false;
  };

  void collect(Recorded &r);

  const SharedSession &session_;
  TraceWriter &writer_;
  std::vector<Recorded> modules_;
  std::set<uint32_t> started_; // indices of entries
  std::vector<std::string> warnings_;
};

} // namespace luge
