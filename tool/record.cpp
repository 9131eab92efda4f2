// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `luge record`: run a program under a tracer and write what happened to a file. Everything that
// can be found out before the program runs is checked before it runs; once it runs, nothing that
// goes wrong here stops it.
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/clock_pair.h"
#include "tool/closest.h"
#include "tool/command.h"
#include "tool/record_run.h"
#include "tool/text.h"

namespace luge {
namespace {

constexpr uint64_t kSmallestRing = 2 * kBlockBytes;

// "4M" -> bytes.
std::optional<uint64_t> parse_size(std::string_view text) {
  uint64_t value = 0;
  auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view unit(rest, static_cast<size_t>(text.data() + text.size() - rest));
  unsigned shift = unit == ""                   ? 0
                   : unit == "K" || unit == "k" ? 10
                   : unit == "M"                ? 20
                   : unit == "G"                ? 30
                                                : 99;
  if (error != std::errc() || shift == 99 || value > uint64_t(1) << (40 - shift))
    return {};
  return value << shift;
}

// A file is ours to replace if it is a trace, or empty, or no regular file (/dev/null).
bool may_replace(const std::string &path) {
  struct stat s;
  if (stat(path.c_str(), &s) != 0)
    return errno == ENOENT;
  if (!S_ISREG(s.st_mode) || s.st_size == 0)
    return !S_ISDIR(s.st_mode);
  uint64_t magic = 0;
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, &magic, sizeof magic);
  if (fd >= 0)
    close(fd);
  return n == sizeof magic && magic == kFileMagic;
}

// 0, or the status to exit with after a message.
int parse_options(const RecordOptions &o, RecordPlan &plan) {
  if (o.arguments.empty()) {
    say("record: no program given; see luge record --help");
    return kUsage;
  }
  if (o.arguments[0].starts_with("-")) { // everything behind it was taken for the program's
    std::vector<std::string> near;
    if (o.arguments[0].starts_with("--"))
      near = closest(o.arguments[0], {"--force", "--threads", "--help"});
    say("record: unknown option '{}'{}; see luge record --help", o.arguments[0],
        near.empty() ? "" : fmt::format(". Did you mean '{}'?", near[0]));
    return kUsage;
  }
  std::optional<uint64_t> ring = parse_size(o.buffer);
  if (!ring || *ring < kSmallestRing) {
    say("record: -b {}: want a size of at least 128K, as in 512K, 4M or 1G", o.buffer);
    return kUsage;
  }
  plan.session.ring_bytes = (*ring + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
  plan.session.max_rings = o.threads;
  plan.session.tracer = o.tracer == "function" ? TracerKind::Function : TracerKind::FunctionGraph;
  if (!o.threshold.empty()) {
    std::optional<double> ns = parse_time(o.threshold);
    if (!ns) {
      say("record: -t {}: want a time, as in 500ns, 10us, 1.5ms or 2s", o.threshold);
      return kUsage;
    }
    plan.threshold_ns = *ns;
  }
  plan.output =
      o.output.empty() ? o.arguments[0].substr(o.arguments[0].rfind('/') + 1) + ".luge" : o.output;
  return 0;
}

int look_at(const RecordOptions &o, RecordPlan &plan) {
  std::string error;
  int status = kFailure;
  std::optional<TracedProgram> found = look_at_program(o.arguments[0], error, status);
  if (!found) {
    say("{}", error);
    return status;
  }
  plan.program = *found;
  const TracedProgram &p = plan.program;
  if (p.is_elf && !p.sites_all && !p.may_load_more && !o.force) {
    say("{0} has no sleds: build it with luge-cc, or luge list --why {0} "
        "(--force: trace what it starts)",
        o.arguments[0]);
    return kFailure;
  }
  if (p.is_static && !p.has_runtime && !o.force) {
    say("{} is static and has no runtime to trace it: link it with luge-cc", o.arguments[0]);
    return kFailure;
  }
  bool all_known = p.is_elf && !p.may_load_more && !o.force && !p.names.empty();
  for (const std::vector<std::string> *globs : {&o.only, &o.graph})
    if (auto wrong = all_known ? unmatched_glob(*globs, p.names) : std::nullopt) {
      say("{}", *wrong);
      return kFailure;
    }
  if (!may_replace(plan.output) && !o.force) {
    struct stat s;
    bool directory = stat(plan.output.c_str(), &s) == 0 && S_ISDIR(s.st_mode);
    say("{}: {}", plan.output,
        directory ? "a directory; name a file with -o"
                  : "not a trace, so it is not replaced; use another name "
                    "(-o) or --force");
    return kFailure;
  }
  return 0;
}

int record(const RecordOptions &options) {
  RecordPlan plan;
  if (int status = parse_options(options, plan))
    return status;
  if (int status = look_at(options, plan))
    return status;
  std::string error;
  std::unique_ptr<SharedSession> session = SharedSession::create(plan.session, error);
  if (!session) {
    say("{}", error);
    return kFailure;
  }
  if (session->max_rings() < options.threads)
    note("address space or file size is limited (ulimit -v, -f): {} threads at a time, not {}",
         session->max_rings(), options.threads);
  std::optional<Environment> environment = record_environment(options, plan, *session);
  if (!environment)
    return kFailure;
  if (!clock_is_invariant())
    say("this CPU's time stamp counter changes its rate: durations are rough");
  TraceWriter writer;
  if (!writer.open(plan.output)) {
    say("{}", writer.error());
    return kFailure;
  }
  return RecordRun(options, plan, *session, writer).go(*environment);
}

// From the first word that is no option on, everything is the program's, with or without "--".
// prefix_command() does that for words that belong to nothing; a positional of our own shows in
// the help and keeps "--" here, and takes no word because none is ever valid for it.
void take_program_and_rest(CLI::App &app) {
  app.prefix_command();
  app.validate_positionals();
  app.add_option("PROGRAM", "the program; its arguments follow")
      ->check(CLI::Validator([](std::string &) { return std::string("not here"); }, ""))
      ->type_name("");
}

} // namespace

CommandRun register_record(CLI::App &app) {
  auto o = std::make_shared<RecordOptions>();
  app.add_option("-p", o->tracer, "tracer: function or function_graph (default)")
      ->check(CLI::IsMember({"function", "function_graph"}));
  app.add_option("-l", o->only, "only functions that match this glob (may be repeated)")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("-n", o->without, "not the functions that match this glob (may be repeated)")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("-g", o->graph, "only these functions and what they call (may be repeated)")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("-D", o->depth, "at most so many calls deep")
      ->type_name("DEPTH")
      ->check(CLI::Range(1u, 1000000u));
  app.add_option("-t", o->threshold, "only calls that take at least this: 500ns, 10us, 1.5ms")
      ->type_name("TIME");
  app.add_option("-b", o->buffer, "buffer of each thread (default 4M)")->type_name("SIZE");
  app.add_option("--threads", o->threads, "threads at a time that have a buffer (default 512)")
      ->type_name("MAX")
      ->check(CLI::Range(1u, 65536u));
  app.add_option("-o", o->output, "trace file (default: PROGRAM.luge here)")->type_name("FILE");
  app.add_flag("--force", o->force,
               "replace a file that is no trace; run a program without sleds for what it starts");
  take_program_and_rest(app);
  app.footer(
      "Examples:\n"
      "  luge record ./app --load big.json             every call, into app.luge\n"
      "  luge record -g 'Parser::parse*' -D 3 ./app    three levels below the parser\n"
      "  luge record -p function -n 'std::*' ./app     entries alone, without the library's\n"
      "  luge record -t 10us -o slow.luge -- ./app -t  what takes 10 us and more");
  CLI::App *self = &app;
  return [o, self] {
    o->arguments = self->remaining();
    if (!o->arguments.empty() && o->arguments[0] == "--")
      o->arguments.erase(o->arguments.begin());
    return record(*o);
  };
}

} // namespace luge
