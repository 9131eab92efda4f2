// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/replay.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <queue>

#include <unistd.h>

#include "tool/call_stack.h"
#include "tool/command.h"
#include "tool/graph_view.h"
#include "tool/text.h"
#include "tool/trace_command.h"

namespace luge {
namespace {

// A thread on its way through its events.
class Lane {
public:
  Lane(TraceReader &reader, const TraceThread &thread, GraphPrinter &printer)
      : events_(reader, thread), printer_(printer), view_(printer, thread),
        stack_(reader.trace(), thread, view_) {
    more_ = events_.next(next_);
  }

  bool more() const { return more_; }
  uint64_t time() const { return next_.tsc; }

  // One event; a call without calls inside is one line, so it takes its exit along.
  void step() {
    TraceEvent e = take();
    if (!printer_.trace.has_graph() && e.kind == TraceEventKind::Entry)
      return function(e);
    bool leaf = e.kind == TraceEventKind::Entry && more_ && next_.id == e.id &&
                (next_.kind == TraceEventKind::Exit || next_.kind == TraceEventKind::Unwound);
    view_.next_is_exit(leaf);
    stack_.feed(e);
    if (leaf)
      stack_.feed(take());
  }

  void finish() { stack_.finish(); }

private:
  TraceEvent take() {
    TraceEvent e = next_;
    more_ = events_.next(next_);
    return e;
  }

  void function(const TraceEvent &e) {
    uint32_t f = find_function(events_.thread(), e.id, e.tsc);
    const ReplayOptions &o = printer_.options;
    double ns = static_cast<double>(printer_.trace.clock.ns(e.tsc));
    if ((printer_.filter.empty() || printer_.filter[f]) &&
        (printer_.notrace.empty() || !printer_.notrace[f]) && o.from_ns <= ns && ns <= o.to_ns)
      printer_.function_line(events_.thread(), f, e.tsc);
  }

  ThreadEvents events_;
  GraphPrinter &printer_;
  GraphView view_;
  CallStack<GraphView> stack_;
  TraceEvent next_;
  bool more_ = false;
};

// Threads by the time of their next event. A thread that has not begun has no lane, only the
// time of its first page; one that has ended has none either.
class Merge {
public:
  Merge(TraceReader &reader, GraphPrinter &printer, const std::vector<const TraceThread *> &threads)
      : reader_(reader), printer_(printer), threads_(threads), lanes_(threads.size()) {
    for (size_t i = 0; i < threads.size(); ++i)
      queue_.push({threads[i]->first_tsc(), i});
  }

  void run() {
    Progress progress("reading " + reader_.trace().path, reader_.trace().words,
                      !::isatty(STDOUT_FILENO));
    uint64_t done = 0;
    while (!queue_.empty()) {
      size_t i = queue_.top().index;
      queue_.pop();
      if (!lanes_[i]) {
        lanes_[i] = std::make_unique<Lane>(reader_, *threads_[i], printer_);
      } else {
        uint64_t until = queue_.empty() ? ~uint64_t(0) : queue_.top().time;
        do {
          lanes_[i]->step();
          ++done;
        } while (lanes_[i]->more() && lanes_[i]->time() <= until);
        progress.at(done);
      }
      if (lanes_[i]->more()) {
        queue_.push({lanes_[i]->time(), i});
        continue;
      }
      lanes_[i]->finish();
      lanes_[i].reset();
    }
  }

private:
  struct Next {
    uint64_t time;
    size_t index;
    bool operator<(const Next &o) const { // priority_queue has the greatest on top
      return time != o.time ? time > o.time : index > o.index;
    }
  };
  TraceReader &reader_;
  GraphPrinter &printer_;
  const std::vector<const TraceThread *> &threads_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::priority_queue<Next> queue_;
};

} // namespace

bool replay(TraceReader &reader, const ReplayOptions &options, Output &out, std::string &error) {
  GraphPrinter printer(reader.trace(), options, out);
  if (!printer.prepare(error))
    return false;
  std::vector<const TraceThread *> threads;
  for (const TraceThread &t : reader.trace().threads)
    if (!t.pages.empty() &&
        (options.tids.empty() ||
         std::find(options.tids.begin(), options.tids.end(), t.tid) != options.tids.end()))
      threads.push_back(&t);
  printer.header();
  if (!options.stable)
    Merge(reader, printer, threads).run();
  else
    for (const TraceThread *t : threads)
      Merge(reader, printer, {t}).run();
  return true;
}

CommandRun register_replay(CLI::App &app) {
  struct State {
    ReplayOptions options;
    std::string file, threshold, range, colour = "auto";
  };
  auto s = std::make_shared<State>();
  add_trace_file(app, s->file);
  auto globs = [&](const char *name, std::vector<std::string> &to, const char *help) {
    app.add_option(name, to, help)->allow_extra_args(false)->type_name("GLOB");
  };
  globs("-F,--filter", s->options.filter, "only calls of these functions, with all below them");
  globs("-N,--notrace", s->options.notrace, "not these functions, nor anything below them");
  app.add_option("-D,--depth", s->options.depth, "levels to show")
      ->check(CLI::Range(1u, 1000000000u))
      ->type_name("N");
  app.add_option("-t,--threshold", s->threshold, "only calls of at least this: 10us, 1.5ms")
      ->type_name("TIME");
  app.add_option("-r,--time-range", s->range, "since the start: 1ms~2.5ms, ~2ms, 1s~")
      ->type_name("FROM~TO");
  app.add_option("--tid", s->options.tids, "only this thread (may be repeated)")
      ->allow_extra_args(false)
      ->type_name("TID");
  app.add_flag("--full-names", s->options.full_names, "with return types and parameters");
  app.add_flag("--stable", s->options.stable,
               "no times, threads one by one and numbered: for tests");
  app.add_option("--color", s->colour, "auto (default), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.footer("Marks: + > 10 us, ! > 100 us, # > 1 ms, * > 10 ms, @ > 100 ms, $ > 1 s.\n"
             "Examples:\n"
             "  luge replay app.luge | less\n"
             "  luge replay -F 'FooTest::*' -D 3 app.luge\n"
             "  luge replay -t 100us -N 'std::*' app.luge");
  return [s] {
    std::string error;
    if (!s->threshold.empty()) {
      auto ns = parse_time(s->threshold);
      if (!ns)
        return usage("--threshold '{}': want a time such as 10us", s->threshold);
      s->options.threshold_ns = *ns;
    }
    if (!parse_range(s->range, s->options.from_ns, s->options.to_ns))
      return usage("--time-range '{}': want FROM~TO such as 1ms~2.5ms", s->range);
    auto reader = open_trace(s->file);
    if (!reader)
      return kFailure;
    Output out(STDOUT_FILENO);
    out.colour = want_colour(s->colour, STDOUT_FILENO);
    if (!replay(*reader, s->options, out, error)) {
      say("{}", error);
      return kFailure;
    }
    return finish_output(out, "standard output");
  };
}

} // namespace luge
