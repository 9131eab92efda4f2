// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/record_run.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/clock_pair.h"
#include "tool/message.h"
#include "tool/text.h"
#include "tool/toolchain.h"

namespace luge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kIdleMilliseconds = 50;  // between looks when nobody wakes us
constexpr double kBusyFill = 0.125;         // a ring as full as this is emptied without pause,
constexpr long kPauseNanoseconds = 500'000; // else writers gather some blocks first
constexpr auto kNamesMayTake = std::chrono::milliseconds(50); // writers wait for four times as long
constexpr auto kSalvageEvery = std::chrono::milliseconds(250);
constexpr auto kSalvageEveryWhenShort = std::chrono::milliseconds(5); // of free rings
constexpr unsigned kShortMilliseconds = 2;

SharedSession *the_session = nullptr; // for the signal handler
void wake_recorder() { the_session->wake_self(); }

std::string base_name(const std::string &path) { return path.substr(path.rfind('/') + 1); }

std::string joined(const std::vector<std::string> &words, char separator) {
  std::string out;
  for (const std::string &w : words)
    out += (out.empty() ? "" : std::string(1, separator)) + w;
  return out;
}

std::optional<std::string> if_any(const std::vector<std::string> &globs) {
  return globs.empty() ? std::nullopt : std::optional(joined(globs, '\n'));
}

std::string one_line(std::string text) {
  for (char &c : text)
    if (c == '\n' || c == '\r')
      c = ' ';
  return text;
}

std::string quoted_command(const std::vector<std::string> &words) {
  std::string out;
  for (const std::string &w : words) {
    bool plain = !w.empty() && w.find_first_of(" \t\n'\"\\$`*?[]{}()<>|&;#~!") == w.npos;
    std::string quoted = "'";
    for (char c : w)
      quoted += c == '\'' ? "'\\''" : std::string(1, c);
    out += (out.empty() ? "" : " ") + (plain ? w : quoted + "'");
  }
  return one_line(out);
}

std::string info_text(const RecordOptions &o, const RecordPlan &plan) {
  utsname host = {};
  uname(&host);
  char date[64];
  time_t now = time(nullptr);
  tm local = {};
  localtime_r(&now, &local);
  strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", &local);
  char *real = realpath(plan.program.path.c_str(), nullptr);
  std::string path = real ? real : plan.program.path;
  std::free(real);
  return fmt::format("program={}\ncommand={}\ntracer={}\narch={}\nkernel={} {}\nhost={}\ndate={}\n"
                     "luge={}\ncompiler={}\nclock=tsc\nfunctions={}\n",
                     one_line(path), quoted_command(o.arguments), o.tracer, host.machine,
                     host.sysname, host.release, host.nodename, date, LUGE_VERSION,
                     plan.program.compiler, plan.program.sites_all);
}

} // namespace

std::optional<Environment> record_environment(const RecordOptions &o, const RecordPlan &plan,
                                              const SharedSession &session) {
  std::optional<std::string> threshold, depth, none;
  if (plan.threshold_ns > 0)
    threshold = fmt::format("{:.0f}", plan.threshold_ns * ticks_per_ns());
  if (o.depth)
    depth = std::to_string(o.depth);
  Environment out = {{"LUGE_SESSION", session.path()}, {"LUGE_TRACER", o.tracer},
                     {"LUGE_FILTER", if_any(o.only)},  {"LUGE_NOTRACE", if_any(o.without)},
                     {"LUGE_GRAPH", if_any(o.graph)},  {"LUGE_DEPTH", depth},
                     {"LUGE_THRESHOLD", threshold},    {"LUGE_FILE", none}};
  if (plan.program.has_runtime || plan.program.is_static)
    return out;
  std::string library = library_directory() + "/libluge.so";
  if (access(library.c_str(), R_OK) != 0) {
    say("{}: {}; it belongs beside this luge", library, std::strerror(errno));
    return {};
  }
  const char *before = std::getenv("LD_PRELOAD");
  out.emplace_back("LD_PRELOAD", before && *before ? library + ":" + before : library);
  return out;
}

void RecordRun::loop() {
  auto salvaged = Clock::now(), names_whole = salvaged;
  for (;;) {
    uint32_t woken = session_.wake_count();
    if (child_.has_ended())
      return;
    modules_.poll();
    double fill = recorder_.fullest();
    // Names first, while there is room: a file that ends early is of no use without them.
    auto now = Clock::now();
    if (!modules_.is_waiting())
      names_whole = now;
    bool names_first = now - names_whole < kNamesMayTake && modules_.is_waiting();
    if (!names_first)
      recorder_.drain();
    watch_writer();
    bool short_of_rings = recorder_.is_short_of_rings();
    if (now - salvaged > (short_of_rings ? kSalvageEveryWhenShort : kSalvageEvery)) {
      recorder_.salvage();
      salvaged = now;
    }
    if (fill == 0 && !names_first)
      session_.sleep_until_woken(woken, short_of_rings ? kShortMilliseconds : kIdleMilliseconds);
    else if (fill < kBusyFill || names_first) {
      timespec pause = {0, kPauseNanoseconds};
      nanosleep(&pause, nullptr);
    }
  }
}

// Said at once, for programs that run for days; the numbers come at the end.
void RecordRun::watch_writer() {
  if (writer_.error().empty() || !write_failed_at_.empty())
    return;
  char text[32];
  time_t now = time(nullptr);
  tm local = {};
  localtime_r(&now, &local);
  strftime(text, sizeof text, "%H:%M:%S", &local);
  write_failed_at_ = text;
  say("{}; {} runs on, unrecorded", writer_.error(), base_name(options_.arguments[0]));
}

void RecordRun::write_end() {
  const RecordedTotals &t = recorder_.totals();
  LostChunk lost = {session_.threads_lost(), t.lost > t.lost_in_file ? t.lost - t.lost_in_file : 0};
  if (lost.threads || lost.events)
    writer_.lost(lost);
  writer_.info(fmt::format("functions={}\ncalls={}\n", modules_.sites(), t.calls));
  writer_.clock(read_clock_pair());
  writer_.end({t.events, t.lost, child_.status(), 0});
  writer_.close();
  watch_writer();
}

void RecordRun::warn(const std::set<uint32_t> &running) {
  std::string name = base_name(options_.arguments[0]);
  for (const std::string &warning : modules_.warnings())
    say("{}", warning);
  if (uint32_t lost = session_.modules_lost())
    say("{} more loaded objects than the {} that a trace holds: their functions have no names",
        with_commas(lost), with_commas(session_.max_modules()));
  if (uint64_t threads = session_.threads_lost())
    say("{} threads found no free buffer and are not in the trace; use --threads {}",
        with_commas(threads), session_.max_rings() * 2);
  if (!running.empty()) {
    std::string pids;
    for (uint32_t pid : running)
      pids += (pids.empty() ? "" : ", ") + std::to_string(pid);
    say("{} {} that {} started still {}: not recorded from here on",
        running.size() == 1 ? "process" : "processes", pids, name,
        running.size() == 1 ? "runs" : "run");
  }
  if (WIFSIGNALED(child_.status()))
    say("{}: killed by signal {} ({}); the trace has the calls up to then", name,
        WTERMSIG(child_.status()), strsignal(WTERMSIG(child_.status())));
  if (!modules_.count())
    say("{0} ran no code with sleds: build it with luge-cc, or luge list --why {0}",
        options_.arguments[0]);
  std::vector<std::string> names = modules_.names();
  for (const std::vector<std::string> *globs : {&options_.only, &options_.graph})
    if (auto wrong = names.empty() ? std::nullopt : unmatched_glob(*globs, names)) {
      say("{}", *wrong);
      glob_unmatched_ = true;
    }
}

void RecordRun::say_result() {
  const RecordedTotals &t = recorder_.totals();
  if (!write_failed_at_.empty()) {
    say("{}; {} kept and readable, {} events lost after {}", writer_.error(),
        byte_text(writer_.bytes_written()), with_commas(unwritten() + t.lost), write_failed_at_);
    return;
  }
  if (is_quiet() && !t.lost)
    return;
  std::string line =
      fmt::format("{}: {} calls in {}, {} lost, {} -> {}\n", base_name(options_.arguments[0]),
                  with_commas(t.calls), time_text(seconds_ * 1e9, 3), with_commas(t.lost),
                  byte_text(writer_.bytes_written()), plan_.output);
  std::fputs(line.c_str(), stderr);
}

int RecordRun::exit_status() const {
  int status = child_.status();
  if (WIFSIGNALED(status))
    return 128 + WTERMSIG(status);
  bool failed = !write_failed_at_.empty() || !modules_.count() || glob_unmatched_;
  return WEXITSTATUS(status) ? WEXITSTATUS(status) : failed ? kFailure : 0;
}

void RecordRun::finish() {
  modules_.finish();
  std::set<uint32_t> running = recorder_.finish();
  write_end();
  warn(running);
  say_result();
}

// Of a program that could not be started; never a device.
void RecordRun::remove_output() const {
  struct stat s;
  if (stat(plan_.output.c_str(), &s) == 0 && S_ISREG(s.st_mode))
    unlink(plan_.output.c_str());
}

int RecordRun::go(const Environment &environment) {
  writer_.info(info_text(options_, plan_));
  writer_.clock(read_clock_pair());
  the_session = &session_;
  auto begin = Clock::now();
  int error = child_.start(plan_.program.path, options_.arguments, environment, wake_recorder);
  if (error) {
    say("{}: {}", options_.arguments[0], std::strerror(error));
    writer_.close();
    remove_output();
    return error == ENOENT ? 127 : 126;
  }
  loop();
  seconds_ = std::chrono::duration<double>(Clock::now() - begin).count();
  finish();
  return exit_status();
}

} // namespace luge
