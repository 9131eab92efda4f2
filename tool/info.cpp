// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `luge info`: what a trace file holds, without its events.
#include <unistd.h>

#include "tool/elf_sites.h"
#include "tool/names.h"
#include "tool/output.h"
#include "tool/table.h"
#include "tool/text.h"
#include "tool/trace_command.h"

namespace luge {
namespace {

void print_tables(const Trace &trace, Output &out) {
  Table objects;
  for (const char *title : {"SITES", "NAMED", "BUILD-ID", "OBJECT"})
    objects.column(title);
  for (const TraceObject &o : trace.objects)
    objects.row({with_commas(o.sites), with_commas(o.sites - o.nameless),
                 o.build_id.empty() ? "-" : hex(o.build_id).substr(0, 16), printable(o.path)});
  out.write("\n");
  objects.print(out);
  Table threads;
  for (const char *title : {"PID", "TID", "EVENTS", "PAGES", "THREAD"})
    threads.column(title);
  for (const TraceThread &t : trace.threads) {
    uint64_t words = 0;
    for (const TracePage &page : t.pages)
      words += page.words;
    threads.row({std::to_string(t.pid), std::to_string(t.tid), with_commas(words),
                 with_commas(t.pages.size()), printable(t.comm)});
  }
  out.write("\n");
  threads.print(out);
}

int info(const std::string &file) {
  auto reader = open_trace(file);
  if (!reader)
    return kFailure;
  const Trace &trace = reader->trace();
  Output out(STDOUT_FILENO);
  auto field = [&](std::string_view key, const std::string &value) {
    out.print("  {:<10} {}\n", key, printable(value));
  };
  field("file", fmt::format("{}, {}{}", file, byte_text(trace.bytes),
                            trace.is_session ? ", a session"
                            : trace.complete ? ""
                                             : ", incomplete"));
  field("program", program_text(trace));
  for (const auto &[key, value] : trace.info)
    if (key != "program")
      field(key, value);
  if (trace.clock.from_file)
    field("time stamp", fmt::format("{:.3f} MHz", 1e3 / trace.clock.ns_per_tick));
  size_t pages = 0;
  for (const TraceThread &t : trace.threads)
    pages += t.pages.size();
  field("events",
        fmt::format("{} words in {} pages", with_commas(trace.words), with_commas(pages)));
  field("lost",
        with_commas(trace.lost) + " events, " + with_commas(trace.lost_threads) + " threads");
  if (trace.complete)
    field("exit", fmt::format("{}", trace.end.exit_status & 0x7f
                                        ? fmt::format("signal {}", trace.end.exit_status & 0x7f)
                                        : fmt::format("{}", trace.end.exit_status >> 8 & 0xff)));
  print_tables(trace, out);
  return finish_output(out, "standard output");
}

} // namespace

CommandRun register_info(CLI::App &app) {
  auto file = std::make_shared<std::string>();
  add_trace_file(app, *file);
  app.footer("Examples:\n  luge info app.luge");
  return [file] { return info(*file); };
}

} // namespace luge
