// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/graph_view.h"

#include <algorithm>
#include <set>

#include "tool/text.h"

namespace luge {
namespace {

constexpr size_t kMaxIndent = 100; // levels; a recursion a million deep is no picture any more

const char *colour_of(char mark) {
  switch (mark) {
  case '+':
    return "\033[33m";
  case '!':
  case '#':
    return "\033[35m";
  case '*':
  case '@':
  case '$':
    return "\033[1;31m";
  }
  return "";
}

} // namespace

GraphPrinter::GraphPrinter(const Trace &t, const ReplayOptions &o, Output &out)
    : trace(t), options(o), names(t, o.full_names), out_(out) {
  std::set<uint32_t> pids;
  for (const TraceThread &thread : t.threads)
    if (!thread.pages.empty())
      pids.insert(thread.pid);
  several_processes_ = pids.size() > 1;
}

bool GraphPrinter::prepare(std::string &error) {
  return (options.filter.empty() || names.match(options.filter, filter, error)) &&
         (options.notrace.empty() || names.match(options.notrace, notrace, error));
}

void GraphPrinter::header() {
  const char *tracer = trace.has_graph()                      ? "function_graph"
                       : trace.tracer == TracerKind::Function ? "function"
                                                              : "nop";
  out_.print("# tracer: {}      program: {}      lost: {}\n", tracer, program_text(trace),
             with_commas(trace.lost));
  const char *pid = several_processes_ ? "  PID   " : "";
  if (trace.has_graph())
    out_.print("# {}  TID     DURATION              FUNCTION CALLS\n", pid);
  else
    out_.print("#           TASK-TID         TIMESTAMP  FUNCTION\n"
               "#              | |               |         |\n");
}

// In --stable output an id is its number in order of appearance.
uint32_t GraphPrinter::number(std::vector<uint32_t> &seen, uint32_t id) const {
  if (!options.stable)
    return id;
  auto at = std::find(seen.begin(), seen.end(), id);
  size_t index = static_cast<size_t>(at - seen.begin());
  if (at == seen.end())
    seen.push_back(id);
  return static_cast<uint32_t>(index + 1);
}

std::string GraphPrinter::task(const TraceThread &thread) {
  return fmt::format("{}-{}", printable(thread.comm), number(tids_, thread.tid));
}

void GraphPrinter::switch_to(const TraceThread &thread) {
  if (last_ == &thread)
    return;
  if (last_)
    out_.print(" ------------------------------------------\n"
               "   {}  =>  {}\n"
               " ------------------------------------------\n",
               task(*last_), task(thread));
  last_ = &thread;
}

// 15 columns, as in the kernel: mark, number, unit.
void GraphPrinter::duration_column(std::optional<double> duration) {
  if (!duration)
    return out_.write("               ");
  double ns = options.stable ? 0 : *duration;
  char mark = graph_mark(ns);
  bool colour = out_.colour && mark != ' ';
  out_.print(" {}{}{}  {:<11}", colour ? colour_of(mark) : "", mark, colour ? "\033[0m" : "",
             graph_duration(ns));
}

void GraphPrinter::line(const TraceThread &thread, std::optional<double> duration, size_t level,
                        std::string_view text, std::string_view comment) {
  switch_to(thread);
  if (several_processes_)
    out_.print("{:>7} ", number(pids_, thread.pid));
  out_.print("{:>7} |", number(tids_, thread.tid));
  duration_column(duration);
  out_.print("|  {:{}}", "", 2 * std::min(level, kMaxIndent));
  if (level > kMaxIndent)
    out_.print("[{}] ", with_commas(level));
  out_.write(text);
  if (!comment.empty())
    out_.print("{}{}/* {} */{}", text.empty() ? "" : " ", out_.colour ? "\033[2m" : "", comment,
               out_.colour ? "\033[0m" : "");
  out_.write("\n");
}

void GraphPrinter::function_line(const TraceThread &thread, uint32_t function, uint64_t tsc) {
  double ns =
      static_cast<double>(trace.clock.base_monotonic_ns) + static_cast<double>(trace.clock.ns(tsc));
  std::string tid = std::to_string(number(tids_, thread.tid));
  out_.print("{:>16}-{:<8} {:>16.6f}: {}\n", printable(thread.comm), tid,
             options.stable ? 0.0 : ns / 1e9, names[function]);
}

} // namespace luge
