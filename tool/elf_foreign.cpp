// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/elf_foreign.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "arch/x86_64/foreign.h"
#include "sled/record.h"

namespace luge {
namespace {

constexpr uint64_t kMostPrefix = 65535;

// Where functions begin: symbols, and what a stripped file still has of them.
std::set<uint64_t> function_starts(const ElfFile &elf) {
  std::set<uint64_t> out;
  for (uint32_t table : {uint32_t(SHT_SYMTAB), uint32_t(SHT_DYNSYM)})
    elf.symbols(table, [&](const ElfSymbol &s) {
      if (s.rank < 3)
        out.insert(s.address);
    });
  const ElfSection *unwind = elf.section(".eh_frame_hdr");
  std::span<const uint8_t> bytes = unwind ? elf.content(*unwind) : std::span<const uint8_t>();
  constexpr uint8_t usual[4] = {1, 0x1b, 0x03, 0x3b};
  if (bytes.size() < 12 || std::memcmp(bytes.data(), usual, sizeof usual) != 0)
    return out;
  for (size_t at = 12; at + 8 <= bytes.size(); at += 8) {
    int32_t offset;
    std::memcpy(&offset, bytes.data() + at, sizeof offset);
    out.insert(unwind->header.sh_addr + static_cast<uint64_t>(int64_t{offset}));
  }
  return out;
}

bool is_prefix(const ElfFile &elf, uint64_t from, uint64_t to) {
  std::span<const uint8_t> bytes = elf.bytes_from(from);
  return bytes.size() >= to - from && arch::is_prefix(bytes.data(), to - from);
}

// The function of a record; the record itself where nothing says more.
std::optional<uint64_t> function_of(const ElfFile &elf, const std::set<uint64_t> &starts,
                                    uint64_t record) {
  if (starts.count(record))
    return record;
  std::span<const uint8_t> before = elf.bytes_from(record - 4);
  if (starts.count(record - 4) && before.size() >= 4 && arch::is_landing_pad(before.data()))
    return record - 4;
  auto next = starts.lower_bound(record);
  if (next != starts.end() && *next - record <= kMostPrefix && is_prefix(elf, record, *next))
    return *next;
  return {};
}

ElfSite look_at(const ElfFile &elf, const std::set<uint64_t> &starts, uint64_t record) {
  ElfSite site;
  std::optional<uint64_t> function = function_of(elf, starts, record);
  site.foreign = true;
  site.function = site.sled = function.value_or(record);
  site.flags = LUGE_SITE_TOGGLE | LUGE_SITE_SPECIAL_CC; // as the runtime records it
  site.stack_args = LUGE_STACK_ARGS_UNKNOWN;
  site.prefix = static_cast<uint8_t>(std::min<uint64_t>(
      site.function > record ? site.function - record : 0, 255));
  if (!function) {
    site.refused = "no symbol and no unwind table says where the function begins";
    return site;
  }
  std::span<const uint8_t> code = elf.bytes_from(site.function);
  arch::ForeignEntry e = arch::decode_foreign(code.data(), code.size());
  site.sled += e.sled;
  if (!e.length || (e.nops > 1 && e.ones < arch::kForeignSled))
    site.refused = "fewer than five bytes of NOPs at the entry";
  site.before_main = !arch::armed_atomically(site.sled, e);
  return site;
}

} // namespace

void read_foreign(const ElfFile &elf, ElfSites &out) {
  std::vector<const ElfSection *> sections = elf.sections("__patchable_function_entries");
  if (sections.empty())
    return;
  std::set<uint64_t> known, starts = function_starts(elf);
  for (const ElfSite &site : out.sites)
    known.insert(site.function);
  uint32_t entry = 0;
  for (const ElfSection *section : sections) {
    if (!(section->header.sh_flags & SHF_ALLOC) || section->header.sh_type == SHT_NOBITS)
      continue;
    for (uint64_t record : elf.relocated_words(*section)) {
      uint32_t number = entry++;
      if (!elf.executable(record))
        continue;
      ElfSite site = look_at(elf, starts, record);
      site.entry = number;
      if (known.insert(site.function).second) // else: twice, or the plugin's own
        out.sites.push_back(std::move(site));
    }
  }
}

} // namespace luge
