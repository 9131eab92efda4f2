// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cstring>

#include <time.h>
#include <x86intrin.h>
#include <xxhash.h>

#include "sled/record.h"
#include "tool/trace_file.h"

namespace luge {
namespace {

// Of this machine, for a session without a clock of its own.
double measure_ns_per_tick() {
  auto now = [] {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + static_cast<double>(t.tv_nsec);
  };
  double ns = now();
  uint64_t tsc = __rdtsc();
  while (now() - ns < 5e6) {
  }
  return (now() - ns) / static_cast<double>(__rdtsc() - tsc);
}

double measured_ns_per_tick() {
  static const double value = measure_ns_per_tick();
  return value;
}

std::string name_at(const std::string &names, uint32_t offset) {
  if (offset >= names.size())
    return {};
  return names.substr(offset, strnlen(names.data() + offset, names.size() - offset));
}

} // namespace

TraceBuilder::TraceBuilder(Trace &trace) : trace_(trace) {
  trace_.functions.assign(1, {}); // kUnknownFunction
}

uint32_t TraceBuilder::function_of(uint32_t object, const TraceModule &m, const SiteInfo &site) {
  uint64_t address = site.address - m.bias;
  auto [at, added] = functions_.emplace(std::pair(object, address),
                                        static_cast<uint32_t>(trace_.functions.size()));
  if (!added)
    return at->second;
  TraceFunction f;
  f.name = name_at(m.names, site.name);
  f.object = object;
  f.address = address;
  f.kind = site.kind;
  f.flags = site.flags;
  f.prefix = site.prefix;
  f.stack_args = site.stack_args;
  f.has_exit = luge_site_has_exit(site.flags, site.stack_args);
  ++trace_.objects[object].sites;
  trace_.objects[object].nameless += f.name.empty();
  trace_.functions.push_back(std::move(f));
  return at->second;
}

void TraceBuilder::add_module(const TraceModule &m) {
  std::string key = m.path + '\0' + std::string(m.build_id.begin(), m.build_id.end());
  auto [at, added] = objects_.emplace(key, static_cast<uint32_t>(trace_.objects.size()));
  if (added)
    trace_.objects.push_back({m.path, m.build_id, 0, 0});
  uint64_t content = XXH3_64bits_withSeed(m.sites.data(), m.sites.size() * sizeof(SiteInfo),
                                          m.bias ^ XXH3_64bits(key.data(), key.size()));
  std::shared_ptr<const ModuleTable> &table = tables_[content];
  if (!table) { // fork children have the same module at the same place
    std::vector<std::pair<uint32_t, uint32_t>> ids;
    ids.reserve(m.sites.size());
    for (const SiteInfo &site : m.sites)
      ids.emplace_back(site.id, function_of(at->second, m, site));
    table = std::make_shared<ModuleTable>(std::move(ids));
  }
  Process &process = trace_.processes[m.pid];
  process.pid = m.pid;
  if (!m.sites.empty())
    process.add({table, m.loaded_tsc, m.unloaded_tsc});
}

uint32_t TraceBuilder::add_thread(TraceThread thread) {
  trace_.threads.push_back(std::move(thread));
  return static_cast<uint32_t>(trace_.threads.size() - 1);
}

void TraceBuilder::add_page(uint32_t thread, const TracePage &page) {
  trace_.threads[thread].pages.push_back(page);
  trace_.words += page.words;
}

// A fork child that announced no module has its parent's; a thread of an unknown process, the
// first's.
void TraceBuilder::give_processes() {
  for (auto &[pid, process] : trace_.processes)
    process.finish();
  auto with_modules = [&](uint32_t pid) -> Process * {
    auto at = trace_.processes.find(pid);
    return at == trace_.processes.end() || at->second.empty() ? nullptr : &at->second;
  };
  Process *first = nullptr;
  for (auto &[pid, process] : trace_.processes)
    if (!first && !process.empty())
      first = &process;
  std::map<uint32_t, uint32_t> parents;
  for (const TraceThread &t : trace_.threads)
    if (t.parent_pid)
      parents[t.pid] = t.parent_pid;
  for (TraceThread &t : trace_.threads) {
    uint32_t pid = t.pid;
    t.process = with_modules(pid);
    for (int generation = 0; !t.process && generation < 64 && parents.count(pid); ++generation)
      t.process = with_modules(pid = parents[pid]);
    if (!t.process)
      t.process = first;
  }
}

void TraceBuilder::finish_clock() {
  TraceClock &clock = trace_.clock;
  auto by_tsc = [](const ClockPair &a, const ClockPair &b) { return a.tsc < b.tsc; };
  if (!clocks_.empty()) {
    ClockPair first = *std::min_element(clocks_.begin(), clocks_.end(), by_tsc);
    ClockPair last = *std::max_element(clocks_.begin(), clocks_.end(), by_tsc);
    clock.base_tsc = first.tsc;
    clock.base_monotonic_ns = first.monotonic_ns;
    clock.base_realtime_ns = first.realtime_ns;
    if (last.tsc > first.tsc && last.monotonic_ns > first.monotonic_ns) {
      clock.ns_per_tick = static_cast<double>(last.monotonic_ns - first.monotonic_ns) /
                          static_cast<double>(last.tsc - first.tsc);
      clock.from_file = true;
      return;
    }
  } else {
    uint64_t base = ~uint64_t(0);
    for (const TraceThread &t : trace_.threads)
      if (!t.pages.empty())
        base = std::min(base, t.first_tsc());
    clock.base_tsc = base == ~uint64_t(0) ? 0 : base;
  }
  clock.ns_per_tick = measured_ns_per_tick();
  if (trace_.words)
    trace_.warnings.push_back("no second clock reading: times are by this machine's clock rate");
}

void TraceBuilder::finish() {
  uint64_t lost = 0;
  for (TraceThread &t : trace_.threads) {
    std::stable_sort(t.pages.begin(), t.pages.end(), [](const TracePage &a, const TracePage &b) {
      return a.sequence < b.sequence;
    });
    for (const TracePage &page : t.pages)
      lost += page.lost_before;
  }
  trace_.lost = std::max(trace_.lost + lost, trace_.end.lost);
  std::stable_sort(
      trace_.threads.begin(), trace_.threads.end(),
      [](const TraceThread &a, const TraceThread &b) { return a.first_tsc() < b.first_tsc(); });
  give_processes();
  finish_clock();
  auto tracer = trace_.info.find("tracer");
  if (tracer != trace_.info.end())
    trace_.tracer = tracer->second == "function" ? TracerKind::Function
                    : tracer->second == "nop"    ? TracerKind::Nop
                                                 : TracerKind::FunctionGraph;
}

} // namespace luge
