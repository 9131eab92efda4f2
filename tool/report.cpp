// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/report.h"

#include <algorithm>

#include <unistd.h>

#include "tool/call_stack.h"
#include "tool/names.h"
#include "tool/table.h"
#include "tool/text.h"
#include "tool/trace_command.h"

namespace luge {
namespace {

// Sink of CallStack for one thread.
class CostSink {
public:
  CostSink(std::vector<FunctionCost> &functions, std::vector<uint32_t> &open, ThreadCost &thread)
      : functions_(functions), open_(open), thread_(thread) {}

  void enter(const CallFrame &frame, size_t) {
    ++open_[frame.function];
    ++functions_[frame.function].calls;
    ++thread_.calls;
  }

  void leave(const CallFrame &frame, size_t depth, uint64_t tsc, Leave how) {
    FunctionCost &cost = functions_[frame.function];
    bool outermost = --open_[frame.function] == 0;
    if (!has_duration(how))
      return;
    uint64_t ticks = tsc - frame.entered;
    ++cost.timed;
    cost.sum += ticks;
    cost.self += ticks - std::min(ticks, frame.children);
    cost.min = std::min(cost.min, ticks);
    cost.max = std::max(cost.max, ticks);
    if (outermost)
      cost.total += ticks;
    if (depth == 0)
      thread_.traced += ticks;
    else
      stack_->top()->children += ticks;
  }

  void point(uint32_t function, size_t, uint64_t) {
    ++functions_[function].calls;
    ++thread_.calls;
  }

  void orphan(uint32_t, uint64_t, Leave) {}
  void lost(uint64_t, uint64_t) {}

  void set_stack(CallStack<CostSink> *stack) { stack_ = stack; }

private:
  std::vector<FunctionCost> &functions_;
  std::vector<uint32_t> &open_; // open frames of each function in this thread
  ThreadCost &thread_;
  CallStack<CostSink> *stack_ = nullptr;
};

constexpr struct {
  const char *key;
  bool timed;
} columns[] = {{"total", true}, {"self", true}, {"calls", false},   {"avg", true},
               {"min", true},   {"max", true},  {"function", false}};

struct Row {
  uint32_t function;
  FunctionCost cost;
  double average() const {
    return cost.timed ? static_cast<double>(cost.sum) / static_cast<double>(cost.timed) : 0;
  }
};

double sort_key(const Row &row, const std::string &column) {
  const FunctionCost &c = row.cost;
  return static_cast<double>(column == "self"    ? c.self
                             : column == "calls" ? c.calls
                             : column == "min"   ? (c.timed ? c.min : 0)
                             : column == "max"   ? c.max
                                                 : c.total);
}

void sort_rows(std::vector<Row> &rows, FunctionNames &names, const std::string &column) {
  for (Row &row : rows)
    names[row.function];
  std::stable_sort(rows.begin(), rows.end(), [&](const Row &a, const Row &b) {
    if (column != "function") {
      double x = column == "avg" ? a.average() : sort_key(a, column);
      double y = column == "avg" ? b.average() : sort_key(b, column);
      if (x != y)
        return x > y;
    }
    return names[a.function] < names[b.function];
  });
}

void report_functions(const Trace &trace, const Costs &costs, const ReportOptions &o, Output &out) {
  FunctionNames names(trace, o.full_names);
  bool timed = trace.has_graph();
  std::vector<Row> rows;
  for (uint32_t i = 0; i < costs.functions.size(); ++i)
    if (costs.functions[i].calls)
      rows.push_back({i, costs.functions[i]});
  sort_rows(rows, names, (o.stable || !timed) && o.sort != "function" ? "calls" : o.sort);
  if (o.top && rows.size() > o.top)
    rows.resize(o.top);
  Table table;
  for (const auto &column : columns)
    if (timed || !column.timed) {
      std::string title = column.key;
      std::transform(title.begin(), title.end(), title.begin(), ::toupper);
      table.column(title);
    }
  for (const Row &row : rows) {
    const FunctionCost &c = row.cost;
    auto time = [&](double ticks, int digits) {
      if (!c.timed)
        return std::string("-");
      return time_text(o.stable ? 0 : trace.clock.ticks_ns(ticks), digits);
    };
    std::vector<std::string> cells = {time(double(c.total), 3), time(double(c.self), 3),
                                      with_commas(c.calls),     time(row.average(), 2),
                                      time(double(c.min), 2),   time(double(c.max), 2),
                                      names.call(row.function)};
    if (!timed)
      cells = {cells[2], cells[6]};
    table.row(std::move(cells));
  }
  table.print(out);
}

void report_threads(const Trace &trace, const Costs &costs, const ReportOptions &o, Output &out) {
  Table table;
  for (const char *title : {"TIME", "TRACED", "CALLS", "PID", "TID", "THREAD"})
    table.column(title);
  uint32_t number = 0;
  for (const ThreadCost &c : costs.threads) {
    auto time = [&](uint64_t ticks) {
      return time_text(o.stable ? 0 : trace.clock.ticks_ns(static_cast<double>(ticks)), 3);
    };
    ++number;
    table.row({time(c.last - c.first), trace.has_graph() ? time(c.traced) : "-",
               with_commas(c.calls), o.stable ? "-" : std::to_string(c.thread->pid),
               std::to_string(o.stable ? number : c.thread->tid), printable(c.thread->comm)});
  }
  table.print(out);
}

} // namespace

Costs measure(TraceReader &reader) {
  const Trace &trace = reader.trace();
  Costs costs;
  costs.functions.resize(trace.functions.size());
  std::vector<uint32_t> open(trace.functions.size());
  Progress progress("reading " + trace.path, trace.page_count);
  size_t pages = 0;
  for (const TraceThread &thread : trace.threads) {
    if (thread.pages.empty())
      continue;
    ThreadCost cost;
    cost.thread = &thread;
    CostSink sink(costs.functions, open, cost);
    CallStack<CostSink> stack(trace, thread, sink);
    sink.set_stack(&stack);
    ThreadEvents events(reader, thread);
    TraceEvent event;
    bool any = false;
    for (size_t seen = 0; events.next(event);) {
      if (!any)
        cost.first = event.tsc;
      any = true;
      stack.feed(event);
      if (events.pages_done() != seen)
        progress.at(pages + (seen = events.pages_done()));
    }
    cost.last = any ? event.tsc : cost.first;
    stack.finish();
    pages += thread.pages.size();
    costs.threads.push_back(cost);
  }
  return costs;
}

void report(TraceReader &reader, const ReportOptions &options, Output &out) {
  Costs costs = measure(reader);
  if (options.threads)
    report_threads(reader.trace(), costs, options, out);
  else
    report_functions(reader.trace(), costs, options, out);
}

CommandRun register_report(CLI::App &app) {
  struct State {
    ReportOptions options;
    std::string file;
  };
  auto s = std::make_shared<State>();
  std::vector<std::string> keys;
  for (const auto &column : columns)
    keys.push_back(column.key);
  add_trace_file(app, s->file);
  app.add_option("-s,--sort", s->options.sort, "column to sort by (default: total)")
      ->check(CLI::IsMember(keys, CLI::ignore_case))
      ->type_name("COLUMN");
  app.add_option("-n,--top", s->options.top, "only the first N rows")
      ->check(CLI::Range(1u, 1000000000u))
      ->type_name("N");
  app.add_flag("--threads", s->options.threads, "a row per thread instead of one per function");
  app.add_flag("--full-names", s->options.full_names, "with return types and parameters");
  app.add_flag("--stable", s->options.stable, "no times, sorted by calls: for tests");
  app.footer(
      "TOTAL counts a recursion once; AVG, MIN and MAX are of single calls. A call that never\n"
      "returned has the time up to its thread's last event.\n"
      "Examples:\n"
      "  luge report app.luge\n"
      "  luge report -s self -n 10 app.luge");
  return [s] {
    auto reader = open_trace(s->file);
    if (!reader)
      return kFailure;
    Output out(STDOUT_FILENO);
    report(*reader, s->options, out);
    return finish_output(out, "standard output");
  };
}

} // namespace luge
