// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `luge replay`: the calls in ftrace's own look, of both tracers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tool/output.h"
#include "tool/trace_reader.h"

namespace luge {

struct ReplayOptions {
  std::vector<std::string> filter, notrace; // globs: only / no subtrees of these
  std::vector<uint32_t> tids;               // empty: all
  unsigned depth = 0;                       // levels shown; 0: all
  double threshold_ns = 0;
  double from_ns = -1e300, to_ns = 1e300; // since the start of the trace
  bool full_names = false;
  bool stable = false; // for tests: no times, threads one after another and numbered from 1
};

// False and `error` if a glob matches nothing.
bool replay(TraceReader &reader, const ReplayOptions &options, Output &out, std::string &error);

} // namespace luge
