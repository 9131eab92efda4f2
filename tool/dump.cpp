// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/dump.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "tool/names.h"
#include "tool/thread_events.h"
#include "tool/trace_command.h"

namespace luge {
namespace {

const char *kind_text(TraceEventKind kind) {
  switch (kind) {
  case TraceEventKind::Entry:
    return "entry";
  case TraceEventKind::Exit:
    return "exit";
  case TraceEventKind::Unwound:
    return "unwound";
  case TraceEventKind::Longjmp:
    return "longjmp";
  case TraceEventKind::Lost:
    return "lost";
  case TraceEventKind::Stack:
    return "stack";
  }
  return "?";
}

struct DumpOptions {
  std::string file, output;
  bool chrome = false, raw = false, full_names = false;
};

int dump(const DumpOptions &o) {
  if (o.chrome == o.raw)
    return usage("dump: want one of --chrome and --raw; see luge dump --help");
  auto reader = open_trace(o.file);
  if (!reader)
    return kFailure;
  int fd = STDOUT_FILENO;
  if (!o.output.empty() && o.output != "-") {
    fd = ::open(o.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
      say("{}: {}", o.output, std::strerror(errno));
      return kFailure;
    }
  }
  Output out(fd);
  if (o.chrome)
    dump_chrome(*reader, o.full_names, out);
  else
    dump_raw(*reader, out);
  int status = finish_output(out, fd == STDOUT_FILENO ? "standard output" : o.output);
  if (fd != STDOUT_FILENO && ::close(fd) != 0 && !status) {
    say("{}: {}", o.output, std::strerror(errno));
    status = kFailure;
  }
  return status;
}

} // namespace

void dump_raw(TraceReader &reader, Output &out) {
  const Trace &trace = reader.trace();
  FunctionNames names(trace, false);
  out.write("#    PID     TID                  TSC  KIND           ID  FUNCTION\n");
  for (const TraceThread &thread : trace.threads) {
    ThreadEvents events(reader, thread);
    TraceEvent e;
    while (!out.failed() && events.next(e)) {
      out.print("{:>8} {:>7} {:>20}  {:<8}", thread.pid, thread.tid, e.tsc, kind_text(e.kind));
      if (e.kind == TraceEventKind::Lost)
        out.print(" {}\n", e.lost);
      else if (e.kind == TraceEventKind::Longjmp)
        out.write("\n");
      else
        out.print(" {:08x}  {}\n", e.id, names[find_function(thread, e.id, e.tsc)]);
    }
  }
}

CommandRun register_dump(CLI::App &app) {
  auto o = std::make_shared<DumpOptions>();
  add_trace_file(app, o->file);
  app.add_flag("--chrome", o->chrome, "JSON for ui.perfetto.dev and chrome://tracing");
  app.add_flag("--raw", o->raw, "a line per event, as recorded");
  app.add_option("-o,--output", o->output, "write here instead of standard output")
      ->type_name("FILE");
  app.add_flag("--full-names", o->full_names, "with return types and parameters");
  app.footer("Examples:\n"
             "  luge dump --chrome app.luge -o app.json\n"
             "  luge dump --raw app.luge | head");
  return [o] { return dump(*o); };
}

} // namespace luge
