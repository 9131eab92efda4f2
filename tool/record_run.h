// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One run of `luge record`, from the start of the program to the last line on the terminal. By
// now everything is known to be in order; what goes wrong from here on is said and survived.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tool/launch.h"
#include "tool/module_recorder.h"
#include "tool/recorder.h"
#include "tool/session.h"
#include "tool/trace_writer.h"
#include "tool/traced_program.h"

namespace luge {

// The command line as it was given.
struct RecordOptions {
  std::string tracer = "function_graph", threshold, buffer = "4M", output;
  std::vector<std::string> only, without, graph, arguments;
  uint32_t depth = 0, threads = 512;
  bool force = false;
};

// What is left of the options after parsing.
struct RecordPlan {
  TracedProgram program;
  SessionConfig session;
  double threshold_ns = 0;
  std::string output;
};

// What the runtime in the program reads at its start. Nothing after a message if the runtime itself
// is not there.
std::optional<Environment> record_environment(const RecordOptions &options, const RecordPlan &plan,
                                              const SharedSession &session);

// One run, from the start of the program to the last line.
class RecordRun {
public:
  RecordRun(const RecordOptions &options, const RecordPlan &plan, SharedSession &session,
            TraceWriter &writer)
      : options_(options), plan_(plan), session_(session), writer_(writer),
        recorder_(session, writer), modules_(session, writer) {}

  int go(const Environment &environment);

private:
  void loop();
  void watch_writer();
  void finish();
  void write_end();
  void warn(const std::set<uint32_t> &running);
  void say_result();
  int exit_status() const;
  void remove_output() const;
  uint64_t unwritten() const { return recorder_.totals().events - writer_.events_written(); }

  const RecordOptions &options_;
  const RecordPlan &plan_;
  SharedSession &session_;
  TraceWriter &writer_;
  Recorder recorder_;
  ModuleRecorder modules_;
  Child child_;
  double seconds_ = 0;
  std::string write_failed_at_; // time of day
  bool glob_unmatched_ = false;
};

} // namespace luge
