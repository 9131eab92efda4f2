// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One thread's calls to lines of function_graph: which frames are shown, when a line is ready,
// and what it says. Lines go to the GraphPrinter, which all threads share.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tool/call_stack.h"
#include "tool/names.h"
#include "tool/output.h"
#include "tool/replay.h"

namespace luge {

// What all threads share: columns, names, filters.
class GraphPrinter {
public:
  GraphPrinter(const Trace &trace, const ReplayOptions &options, Output &out);
  bool prepare(std::string &error); // filters
  void header();
  // `duration`: nanoseconds, or nothing for a line without one.
  void line(const TraceThread &thread, std::optional<double> duration, size_t level,
            std::string_view text, std::string_view comment = {});
  void function_line(const TraceThread &thread, uint32_t function, uint64_t tsc);

  const Trace &trace;
  const ReplayOptions &options;
  FunctionNames names;
  std::vector<char> filter, notrace; // per function; empty: no such filter

private:
  uint32_t number(std::vector<uint32_t> &seen, uint32_t id) const;
  void switch_to(const TraceThread &thread);
  void duration_column(std::optional<double> duration);
  std::string task(const TraceThread &thread);

  Output &out_;
  const TraceThread *last_ = nullptr;
  std::vector<uint32_t> tids_, pids_; // in order of appearance, for --stable
  bool several_processes_ = false;
};

// Sink of CallStack for one thread.
class GraphView {
public:
  GraphView(GraphPrinter &printer, const TraceThread &thread)
      : printer_(printer), thread_(thread) {}

  // Set before a frame's entry is fed: its exit is the thread's next event.
  void next_is_exit(bool yes) { leaf_ = yes; }

  void enter(const CallFrame &frame, size_t depth);
  void leave(const CallFrame &frame, size_t depth, uint64_t tsc, Leave how);
  void point(uint32_t function, size_t depth, uint64_t tsc);
  void orphan(uint32_t function, uint64_t tsc, Leave how);
  void lost(uint64_t count, uint64_t tsc);
  void stack(uint32_t function, size_t depth, uint64_t tsc);

private:
  struct Shown {
    size_t level = 0; // of the frame's own line
    uint32_t function = 0;
    uint64_t entered = 0;
    bool inside = false; // within a subtree that --filter names
    bool muted = false;  // within one that --notrace names
    bool visible = false, printed = false;
    bool cut = false; // has calls that --depth hides
  };

  Shown child_of_top(uint32_t function, uint64_t tsc) const;
  bool in_range(uint64_t tsc) const;
  void print_open(Shown &shown);
  void print_pending();

  GraphPrinter &printer_;
  const TraceThread &thread_;
  std::vector<Shown> shown_;
  size_t pending_ = 0; // frames below this index are printed or never will be
  bool leaf_ = false;
};

} // namespace luge
