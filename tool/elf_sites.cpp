// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/elf_sites.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>
#include <unistd.h>

#include "arch/x86_64/layout.h"
#include "sled/record.h"
#include "tool/elf_file.h"
#include "tool/elf_foreign.h"

namespace luge {
namespace {

constexpr const Layout &layout = x86_64;

uint64_t target(uint64_t field, int32_t value) {
  return field + static_cast<uint64_t>(static_cast<int64_t>(value));
}

// The slot as the stub names it: the one place that knows is the stub's own instruction.
uint64_t slot_of(const ElfFile &elf, uint64_t stub) {
  std::optional<int32_t> reference = elf.read_i32(stub + layout.stub_slot_ref);
  if (!reference || !elf.executable(stub))
    return 0;
  uint64_t slot = target(stub + layout.stub_slot_ref + layout.stub_slot_bias, *reference);
  return slot % layout.slot_align == 0 && elf.allocated(slot, sizeof(luge_slot)) ? slot : 0;
}

void read_records(const ElfFile &elf, const ElfSection &section, ElfSites &out) {
  std::span<const uint8_t> bytes = elf.content(section);
  size_t count = bytes.size() / sizeof(luge_site), outside = 0, no_slot = 0;
  out.sites.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    luge_site record;
    std::memcpy(&record, bytes.data() + i * sizeof record, sizeof record);
    uint64_t address = section.header.sh_addr + i * sizeof record;
    ElfSite site;
    site.sled = target(address + offsetof(luge_site, sled), record.sled);
    site.function = target(address + offsetof(luge_site, function), record.function);
    if (record.stub) {
      site.stub = target(address + offsetof(luge_site, stub), record.stub);
      site.slot = slot_of(elf, site.stub);
      no_slot += site.slot == 0;
    }
    site.kind = record.kind;
    site.flags = record.flags;
    site.prefix = record.prefix;
    site.stack_args = record.stack_args;
    if (elf.executable(site.sled) && elf.executable(site.function))
      out.sites.push_back(std::move(site));
    else
      ++outside;
  }
  if (bytes.size() % sizeof(luge_site) || bytes.size() != section.header.sh_size)
    out.warnings.push_back("luge_sites is cut off or of another version");
  if (outside)
    out.warnings.push_back(
        fmt::format("{} of {} records point outside the code: left out", outside, count));
  if (no_slot)
    out.warnings.push_back(fmt::format("{} of {} stubs name no slot", no_slot, count));
}

// Gives names to the sites that have none; remembers how good each name of this round is.
class Namer {
public:
  explicit Namer(ElfSites &out, NameSource source) : source_(source) {
    for (ElfSite &site : out.sites)
      if (site.name.empty())
        wanted_.emplace(site.function, Wanted{&site, ~0u});
  }

  void offer(uint64_t address, std::string_view name, unsigned rank) {
    auto [begin, end] = wanted_.equal_range(address);
    for (auto i = begin; i != end; ++i) {
      Wanted &w = i->second;
      if (rank > w.rank || (rank == w.rank && name >= w.site->name))
        continue;
      w.rank = rank;
      w.site->name = name;
      w.site->name_source = source_;
    }
  }

private:
  struct Wanted {
    ElfSite *site;
    unsigned rank;
  };
  NameSource source_;
  std::unordered_multimap<uint64_t, Wanted> wanted_;
};

void name_from_table(const ElfFile &elf, uint32_t table, NameSource source, ElfSites &out) {
  Namer namer(out, source);
  elf.symbols(table, [&](const ElfSymbol &s) { namer.offer(s.address, s.name, s.rank); });
}

void name_from_luge_names(const ElfFile &elf, ElfSites &out) {
  const ElfSection *section = elf.section(LUGE_SECTION_NAMES);
  if (!section)
    return;
  Namer namer(out, NameSource::LugeNames);
  std::span<const uint8_t> bytes = elf.content(*section);
  for (size_t o = 0; bytes.size() - o > sizeof(int32_t);) {
    int32_t function;
    std::memcpy(&function, bytes.data() + o, sizeof function);
    const char *text = reinterpret_cast<const char *>(bytes.data()) + o + sizeof function;
    size_t room = bytes.size() - o - sizeof function, length = strnlen(text, room);
    if (length == room)
      break;
    if (length)
      namer.offer(target(section->header.sh_addr + o, function), {text, length}, 0);
    o += (sizeof function + length + 1 + 3) / 4 * 4;
    if (o >= bytes.size())
      break;
  }
}

bool all_named(const ElfSites &out) {
  return std::none_of(out.sites.begin(), out.sites.end(),
                      [](const ElfSite &s) { return s.name.empty(); });
}

void name_from_debug_file(ElfSites &out) {
  if (out.build_id.size() < 2)
    return;
  std::string id = hex(out.build_id);
  out.debug_file = "/usr/lib/debug/.build-id/" + id.substr(0, 2) + "/" + id.substr(2) + ".debug";
  if (::access(out.debug_file.c_str(), R_OK) != 0)
    return;
  std::string error;
  std::unique_ptr<ElfFile> elf = ElfFile::open(out.debug_file, error);
  if (elf && elf->build_id() == out.build_id)
    name_from_table(*elf, SHT_SYMTAB, NameSource::DebugFile, out);
  else
    out.warnings.push_back(elf ? out.debug_file + ": its build-id differs: not used" : error);
}

} // namespace

std::optional<ElfSites> read_elf_sites(const std::string &path, std::string &error) {
  std::unique_ptr<ElfFile> elf = ElfFile::open(path, error);
  if (!elf)
    return {};
  ElfSites out;
  out.build_id = elf->build_id();
  out.compiler = elf->compiler();
  if (const ElfSection *section = elf->section(LUGE_SECTION_SITES)) {
    out.section = section->header.sh_addr;
    read_records(*elf, *section, out);
  }
  read_foreign(*elf, out);
  if (out.sites.empty())
    return out;
  std::sort(out.sites.begin(), out.sites.end(), [](const ElfSite &a, const ElfSite &b) {
    return std::tie(a.function, a.sled) < std::tie(b.function, b.sled);
  });
  name_from_table(*elf, SHT_SYMTAB, NameSource::Symtab, out);
  if (!all_named(out))
    name_from_luge_names(*elf, out);
  if (!all_named(out))
    name_from_table(*elf, SHT_DYNSYM, NameSource::Dynsym, out);
  if (!all_named(out) && !elf->has_table(SHT_SYMTAB))
    name_from_debug_file(out);
  return out;
}

const char *name_source_text(NameSource source) {
  switch (source) {
  case NameSource::None:
    return "none";
  case NameSource::Symtab:
    return "symtab";
  case NameSource::LugeNames:
    return "luge_names";
  case NameSource::Dynsym:
    return "dynsym";
  case NameSource::DebugFile:
    return "debug file";
  }
  return "?";
}

std::string hex(const std::vector<uint8_t> &bytes) {
  std::string out;
  for (uint8_t b : bytes)
    out += fmt::format("{:02x}", b);
  return out;
}

} // namespace luge
