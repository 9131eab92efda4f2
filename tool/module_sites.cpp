// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/module_sites.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "sled/record.h"
#include "tool/elf_sites.h"

namespace luge {

ResolvedModule resolve_module(const ModuleEntry &entry, const std::string &file) {
  ResolvedModule out;
  TraceModule &m = out.module;
  m.pid = entry.pid;
  m.path.assign(entry.path, strnlen(entry.path, sizeof entry.path));
  m.bias = entry.bias;
  m.loaded_tsc = entry.loaded_tsc;
  m.unloaded_tsc = entry.unloaded_tsc;
  m.build_id.assign(entry.build_id,
                    entry.build_id + std::min<size_t>(entry.build_id_size, sizeof entry.build_id));
  std::string error;
  std::optional<ElfSites> elf = read_elf_sites(file.empty() ? m.path : file, error);
  if (!elf) {
    out.warnings.push_back(error + "; its functions have no names");
    return out;
  }
  if (!m.build_id.empty() && elf->build_id != m.build_id) {
    out.warnings.push_back(fmt::format("{}: not the file that was traced (build-id {}, not {}); "
                                       "its functions have no names",
                                       m.path, hex(elf->build_id), hex(m.build_id)));
    return out;
  }
  out.compiler = elf->compiler;
  for (const std::string &warning : elf->warnings)
    out.warnings.push_back(m.path + ": " + warning);
  size_t nameless = 0;
  m.sites.reserve(elf->sites.size());
  for (const ElfSite &site : elf->sites) {
    bool traced = site.foreign || (site.slot && site.kind == LUGE_SITE_ENTRY);
    if (!traced || site.foreign != (entry.foreign_slots != 0)) // no event of this entry names it
      continue;
    SiteInfo info = {};
    info.id = event_id(site.foreign ? entry.foreign_slots + site.entry * sizeof(luge_slot)
                                    : m.bias + site.slot);
    info.address = m.bias + site.function;
    info.kind = site.kind;
    info.flags = site.flags;
    info.prefix = site.prefix;
    info.stack_args = site.stack_args;
    info.name = ~0u;
    if (site.name.empty())
      ++nameless;
    else {
      info.name = static_cast<uint32_t>(m.names.size());
      m.names += site.name;
      m.names += '\0';
    }
    m.sites.push_back(info);
  }
  if (nameless)
    out.warnings.push_back(fmt::format(
        "{}: {} functions have no name: it is stripped{}{}", m.path, nameless,
        entry.foreign_slots ? "" : "; build it with names=on", elf->debug_file.empty() ? "" : " or provide " + elf->debug_file));
  return out;
}

} // namespace luge
