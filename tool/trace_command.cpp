// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/trace_command.h"

#include "tool/text.h"

namespace luge {

void add_trace_file(CLI::App &app, std::string &path) {
  app.add_option("FILE", path, "trace file, or the session of a program that is gone")
      ->required()
      ->type_name("");
}

std::unique_ptr<TraceReader> open_trace(const std::string &path) {
  std::string error;
  std::unique_ptr<TraceReader> reader = TraceReader::open(path, error);
  if (!reader) {
    say("{}", error);
    return nullptr;
  }
  const Trace &trace = reader->trace();
  for (const std::string &warning : trace.warnings)
    note("{}: {}", path, warning);
  for (const TraceObject &object : trace.objects)
    if (object.nameless)
      note("{}: {} of {} functions of {} have no name: build it with names=on, or record while "
           "its symbols are there",
           path, with_commas(object.nameless), with_commas(object.sites), object.path);
  if (!trace.words)
    note("{}: no events in it", path);
  if (trace.lost)
    note("{}: {} events are lost: counts and times are too low", path, with_commas(trace.lost));
  if (trace.lost_threads)
    note("{}: {} threads found no buffer and are not in the trace", path,
         with_commas(trace.lost_threads));
  return reader;
}

bool parse_range(std::string_view text, double &from_ns, double &to_ns) {
  if (text.empty())
    return true;
  size_t tilde = text.find('~');
  if (tilde == text.npos || text.size() == 1)
    return false;
  std::string_view from = text.substr(0, tilde), to = text.substr(tilde + 1);
  auto begin = parse_time(from), end = parse_time(to);
  if ((!from.empty() && !begin) || (!to.empty() && !end))
    return false;
  from_ns = from.empty() ? from_ns : *begin;
  to_ns = to.empty() ? to_ns : *end;
  return from_ns <= to_ns;
}

} // namespace luge
