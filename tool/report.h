// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `luge report`: what each function cost, in one pass over the trace, one thread after another.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tool/output.h"
#include "tool/trace_reader.h"

namespace luge {

// Ticks of the time stamp counter.
struct FunctionCost {
  uint64_t calls = 0, timed = 0; // timed: calls whose time is known
  uint64_t total = 0;            // outermost calls only: a recursion is counted once
  uint64_t self = 0;
  uint64_t sum = 0; // of all timed calls, for the average
  uint64_t min = ~uint64_t(0), max = 0;
};

struct ThreadCost {
  const TraceThread *thread = nullptr;
  uint64_t calls = 0, traced = 0; // ticks inside outermost calls
  uint64_t first = 0, last = 0;
};

struct Costs {
  std::vector<FunctionCost> functions; // by function index
  std::vector<ThreadCost> threads;
};

Costs measure(TraceReader &reader);

struct ReportOptions {
  std::string sort = "total";
  size_t top = 0; // 0: all
  bool threads = false, full_names = false;
  bool stable = false; // no times; by calls, then name
};

void report(TraceReader &reader, const ReportOptions &options, Output &out);

} // namespace luge
