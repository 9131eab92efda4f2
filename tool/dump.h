// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `luge dump`: the trace in other people's formats, written as it is read.
#pragma once

#include <string>
#include <string_view>

#include "tool/output.h"
#include "tool/trace_reader.h"

namespace luge {

// Trace Event Format (JSON) of chrome://tracing and Perfetto: a complete event ("X") per call.
void dump_chrome(TraceReader &reader, bool full_names, Output &out);

// A line per event, unmatched: thread, time, kind, id, function.
void dump_raw(TraceReader &reader, Output &out);

// The inside of a JSON string; bytes that are not UTF-8 become U+FFFD.
std::string json_text(std::string_view text);

} // namespace luge
