// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/module_recorder.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "sled/record.h"
#include "tool/elf_file.h"

namespace luge {
namespace {

// The file that is mapped at the entry's records, for one that has been deleted or replaced.
std::string mapped_file(const ModuleEntry &entry) {
  std::string maps = fmt::format("/proc/{}/maps", entry.pid), found;
  FILE *in = std::fopen(maps.c_str(), "re");
  if (!in)
    return found;
  char line[1024];
  unsigned long begin, end;
  while (found.empty() && std::fgets(line, sizeof line, in))
    if (std::sscanf(line, "%lx-%lx", &begin, &end) == 2 && begin <= entry.sites &&
        entry.sites < end)
      found = fmt::format("/proc/{}/map_files/{:x}-{:x}", entry.pid, begin, end);
  std::fclose(in);
  return found;
}

bool is_it(const ModuleEntry &entry, const std::string &file) {
  std::string error;
  std::unique_ptr<ElfFile> elf = ElfFile::open(file, error);
  if (!elf || !elf->section(entry.foreign_slots ? "__patchable_function_entries" : LUGE_SECTION_SITES) || entry.build_id_size > sizeof entry.build_id)
    return false;
  std::vector<uint8_t> wanted(entry.build_id, entry.build_id + entry.build_id_size);
  return wanted.empty() || elf->build_id() == wanted;
}

// Where the file can be read: its path, that path as the process sees it, or what the kernel holds.
ResolvedModule resolve(const ModuleEntry &entry) {
  std::string path(entry.path, strnlen(entry.path, sizeof entry.path));
  std::string root = fmt::format("/proc/{}/root{}", entry.pid, path);
  std::string exe = fmt::format("/proc/{}/exe", entry.pid);
  if (!path.empty() && is_it(entry, path))
    return resolve_module(entry, path);
  for (const std::string &file : {root, mapped_file(entry), exe})
    if (!file.empty() && is_it(entry, file))
      return resolve_module(entry, file);
  return resolve_module(entry); // fails in words
}

} // namespace

void ModuleRecorder::poll() {
  for (uint32_t i = 0, n = session_.modules_used(); i < n; ++i) {
    if (started_.count(i) || load_acquire(session_.module(i)->state) == ModuleEmpty)
      continue;
    started_.insert(i);
    ModuleEntry entry = *session_.module(i);
    modules_.push_back({i, std::async(std::launch::async, [entry] { return resolve(entry); }), {}});
  }
  for (Recorded &r : modules_)
    if (!r.written && r.pending.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      collect(r);
}

void ModuleRecorder::collect(Recorded &r) {
  ResolvedModule resolved = r.pending.get();
  for (const std::string &warning : resolved.warnings)
    if (std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end())
      warnings_.push_back(warning); // once, not for each process
  r.module = std::move(resolved.module);
  const ModuleEntry *entry = session_.module(r.index);
  if (load_acquire(entry->state) == ModuleUnloaded)
    r.module.unloaded_tsc = entry->unloaded_tsc;
  writer_.module(r.module);
  r.written = true;
}

void ModuleRecorder::finish() {
  poll();
  for (Recorded &r : modules_)
    if (!r.written)
      collect(r);
}

bool ModuleRecorder::is_waiting() const {
  return std::any_of(modules_.begin(), modules_.end(),
                     [](const Recorded &r) { return !r.written; });
}

uint64_t ModuleRecorder::sites() const {
  std::map<std::string_view, uint64_t> of_file;
  for (const Recorded &r : modules_)
    of_file[r.module.path] = r.module.sites.size();
  uint64_t sum = 0;
  for (auto &[path, sites] : of_file)
    sum += sites;
  return sum;
}

std::vector<std::string> ModuleRecorder::names() const {
  std::vector<std::string> out;
  for (const Recorded &r : modules_)
    for (const SiteInfo &site : r.module.sites)
      if (site.name < r.module.names.size())
        out.emplace_back(r.module.names.c_str() + site.name);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

} // namespace luge
