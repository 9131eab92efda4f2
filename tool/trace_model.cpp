// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/trace_model.h"

#include <algorithm>
#include <cmath>

namespace luge {

ModuleTable::ModuleTable(std::vector<std::pair<uint32_t, uint32_t>> sites) {
  if (sites.empty()) {
    dense_.assign(1, kUnknownFunction);
    return;
  }
  std::sort(sites.begin(), sites.end());
  min_ = sites.front().first;
  span_ = sites.back().first - min_;
  if (span_ / 8 > sites.size() + 1024) { // not slots side by side: a hostile or exotic file
    sparse_ = std::move(sites);
    return;
  }
  dense_.assign(span_ + 1, kUnknownFunction);
  for (auto [id, function] : sites)
    dense_[id - min_] = function;
}

uint32_t ModuleTable::find_sparse(uint32_t id) const {
  auto i = std::lower_bound(sparse_.begin(), sparse_.end(), std::pair<uint32_t, uint32_t>(id, 0));
  return i != sparse_.end() && i->first == id ? i->second : kUnknownFunction;
}

void Process::finish() {
  std::sort(modules_.begin(), modules_.end(), [](const LoadedModule &a, const LoadedModule &b) {
    return a.table->min() < b.table->min();
  });
  uint64_t end = 0;
  for (const LoadedModule &m : modules_) {
    overlap_ = overlap_ || m.table->min() < end;
    end = std::max<uint64_t>(end, uint64_t(m.table->max()) + 1);
  }
}

uint32_t Process::find_slowly(uint32_t id, uint64_t tsc) {
  if (!overlap_) {
    auto after = std::upper_bound(
        modules_.begin(), modules_.end(), id,
        [](uint32_t value, const LoadedModule &m) { return value < m.table->min(); });
    if (after == modules_.begin())
      return kUnknownFunction;
    last_ = static_cast<size_t>(after - modules_.begin()) - 1;
    return modules_[last_].table->find(id);
  }
  // The module that was there at the time; of several, the one loaded last.
  uint32_t best = kUnknownFunction, any = kUnknownFunction;
  uint64_t best_loaded = 0;
  for (const LoadedModule &m : modules_) {
    uint32_t function = m.table->find(id);
    if (function == kUnknownFunction)
      continue;
    any = function;
    bool there = m.loaded_tsc <= tsc && (!m.unloaded_tsc || tsc <= m.unloaded_tsc);
    if (there && m.loaded_tsc >= best_loaded) {
      best = function;
      best_loaded = m.loaded_tsc;
    }
  }
  return best != kUnknownFunction ? best : any;
}

int64_t TraceClock::ns(uint64_t tsc) const {
  double ticks = static_cast<double>(static_cast<int64_t>(tsc - base_tsc));
  double value = std::round(ticks * ns_per_tick);
  return static_cast<int64_t>(std::clamp(value, -9e18, 9e18));
}

std::string Trace::program() const {
  auto named = info.find("program");
  std::string path = named != info.end() ? named->second : objects.empty() ? "" : objects[0].path;
  return path.substr(path.rfind('/') + 1);
}

} // namespace luge
