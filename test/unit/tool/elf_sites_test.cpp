// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ELF reader on a small program built here byte by byte, whole, damaged and cut off.
#include <cstring>

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/x86_64/layout.h"
#include "sled/record.h"
#include "test/unit/tool/synthetic.h"
#include "tool/elf_sites.h"
#include "tool/module_sites.h"

namespace luge::test {
namespace {

using testing::HasSubstr;

// Two functions with stubs and slots, one without (stub=no).
class TinyElf {
public:
  bool symtab = true, names = true;
  bool foreign = false; // and one function with NOPs that Luge's plugin has not seen
  uint16_t machine = EM_X86_64, type = ET_DYN;

  std::string bytes() {
    section(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, kText, text());
    section("luge_sites", SHT_PROGBITS, SHF_ALLOC, kSites, sites());
    if (names)
      section("luge_names", SHT_PROGBITS, SHF_ALLOC, kNames, luge_names());
    if (foreign) {
      section("__patchable_function_entries", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, kEntries, entries());
      section(".rela.dyn", SHT_RELA, SHF_ALLOC, 0x4800, relocations());
    }
    section(".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, kBss, std::string(64, '\0'));
    section(".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, 0x200,
            std::string("\4\0\0\0\4\0\0\0\3\0\0\0GNU\0\x12\x34\x56\x78", 20));
    section(".comment", SHT_PROGBITS, 0, 0, "GCC: (Debian 12.2.0-14+deb12u1) 12.2.0");
    if (symtab) {
      section(".symtab", SHT_SYMTAB, 0, 0, symbols(), static_cast<uint32_t>(sections_.size() + 2));
      section(".strtab", SHT_STRTAB, 0, 0, strings_);
    }
    return finish();
  }

private:
  static constexpr uint64_t kText = 0x1000, kSites = 0x3000, kNames = 0x3800, kEntries = 0x4000, kBss = 0x5000;
  static uint64_t function(int i) { return kText + static_cast<uint64_t>(i) * 0x20; }
  static uint64_t stub(int i) { return kText + 0x100 + static_cast<uint64_t>(i) * 0x20; }

  template <typename T> static void put(std::string &to, const T &value) {
    to.append(reinterpret_cast<const char *>(&value), sizeof value);
  }

  static std::string text() {
    std::string out(0x200, '\x90');
    for (int i = 0; i < 2; ++i) {
      uint64_t at = stub(i) + x86_64.stub_slot_ref;
      int32_t reference = static_cast<int32_t>(kBss + static_cast<uint64_t>(i) * 16 - at - 4);
      std::memcpy(&out[at - kText], &reference, 4);
    }
    return out;
  }

  static std::string sites() {
    std::string out;
    for (int i = 2; i >= 0; --i) { // not in order
      uint64_t at = kSites + out.size();
      luge_site s = {};
      s.sled = static_cast<int32_t>(function(i) + 4 - at);
      s.function = static_cast<int32_t>(function(i) - (at + 4));
      s.stub = i == 2 ? 0 : static_cast<int32_t>(stub(i) - (at + 8));
      s.flags = i == 2 ? 0 : LUGE_SITE_TOGGLE;
      s.prefix = i == 2 ? 2 : 0;
      s.stack_args = i == 1 ? LUGE_STACK_ARGS_UNKNOWN : 0;
      put(out, s);
    }
    return out;
  }

  static std::string luge_names() {
    std::string out;
    for (int i = 0; i < 3; ++i) {
      put(out, static_cast<int32_t>(function(i) - (kNames + out.size())));
      out += std::string("_Z") + std::to_string(2 + i) + std::string(size_t(2 + i), 'n') + "v";
      out.append(4 - out.size() % 4, '\0');
    }
    return out;
  }

  // A function that the linker dropped; one known to relocations alone, behind two NOPs; one of the plugin's.
  static std::string entries() {
    std::string out(24, '\0');
    uint64_t native = function(0);
    std::memcpy(&out[16], &native, 8);
    return out;
  }
  static std::string relocations() {
    std::string out;
    put(out, Elf64_Rela{kEntries + 8, R_X86_64_RELATIVE, static_cast<int64_t>(function(3) - 2)});
    return out;
  }

  std::string symbols() {
    std::string out(sizeof(Elf64_Sym), '\0');
    strings_.assign(1, '\0');
    auto add = [&](const char *name, int i, unsigned char binding, unsigned char type) {
      put(out, Elf64_Sym{static_cast<uint32_t>(strings_.size()),
                         static_cast<unsigned char>(ELF64_ST_INFO(binding, type)), 0, 1,
                         function(i), 0x20});
      strings_ += std::string(name) + '\0';
    };
    add("local_alias", 0, STB_LOCAL, STT_FUNC);
    add("main", 0, STB_GLOBAL, STT_FUNC);
    add("a_label", 0, STB_GLOBAL, STT_NOTYPE);
    add("_ZN1A1fEv", 1, STB_WEAK, STT_FUNC);
    if (foreign)
      add("elsewhere", 3, STB_GLOBAL, STT_FUNC);
    return out;
  }

  void section(const char *name, uint32_t kind, uint64_t flags, uint64_t address,
               const std::string &content, uint32_t link = 0) {
    Elf64_Shdr h = {};
    h.sh_name = static_cast<uint32_t>(section_names_.size());
    section_names_ += std::string(name) + '\0';
    h.sh_type = kind;
    h.sh_flags = flags;
    h.sh_addr = address;
    h.sh_size = content.size();
    h.sh_link = link;
    h.sh_addralign = 1;
    h.sh_entsize = kind == SHT_SYMTAB ? sizeof(Elf64_Sym) : kind == SHT_RELA ? sizeof(Elf64_Rela) : 0;
    body_.resize((body_.size() + 7) / 8 * 8);
    h.sh_offset = sizeof(Elf64_Ehdr) + body_.size();
    if (kind != SHT_NOBITS)
      body_ += content;
    sections_.push_back(h);
  }

  std::string finish() {
    section(".shstrtab", SHT_STRTAB, 0, 0, section_names_ + ".shstrtab" + '\0');
    body_.resize((body_.size() + 7) / 8 * 8);
    Elf64_Ehdr e = {};
    std::memcpy(e.e_ident, "\177ELF\2\1\1", 7);
    e.e_type = type;
    e.e_machine = machine;
    e.e_version = 1;
    e.e_ehsize = sizeof e;
    e.e_shentsize = sizeof(Elf64_Shdr);
    e.e_shnum = static_cast<uint16_t>(sections_.size() + 1);
    e.e_shstrndx = static_cast<uint16_t>(sections_.size());
    e.e_shoff = sizeof e + body_.size();
    std::string out;
    put(out, e);
    out += body_;
    put(out, Elf64_Shdr{});
    for (const Elf64_Shdr &h : sections_)
      put(out, h);
    return out;
  }

  std::vector<Elf64_Shdr> sections_;
  std::string body_, section_names_ = std::string(1, '\0'), strings_;
};

ElfSites read(const std::string &bytes) {
  TemporaryFile file(bytes);
  std::string error;
  auto sites = read_elf_sites(file.path(), error);
  EXPECT_TRUE(sites) << error;
  return sites ? *sites : ElfSites();
}

std::string error_of(const std::string &bytes) {
  TemporaryFile file(bytes);
  std::string error;
  EXPECT_FALSE(read_elf_sites(file.path(), error));
  return error;
}

TEST(ElfSites, ReadsRecordsStubsSlotsAndNames) {
  ElfSites elf = read(TinyElf().bytes());
  ASSERT_EQ(elf.sites.size(), 3u);
  EXPECT_TRUE(elf.warnings.empty());
  EXPECT_EQ(elf.section, 0x3000u);
  EXPECT_EQ(hex(elf.build_id), "12345678");
  EXPECT_EQ(elf.compiler, "gcc 12.2.0");
  const ElfSite &main = elf.sites[0], &a = elf.sites[1], &plain = elf.sites[2];
  EXPECT_EQ(main.function, 0x1000u);
  EXPECT_EQ(main.sled, 0x1004u);
  EXPECT_EQ(main.stub, 0x1100u);
  EXPECT_EQ(main.slot, 0x5000u);
  EXPECT_EQ(main.name, "main"); // a global function before a local one and a label
  EXPECT_EQ(main.name_source, NameSource::Symtab);
  EXPECT_EQ(a.slot, 0x5010u);
  EXPECT_EQ(a.name, "_ZN1A1fEv");
  EXPECT_EQ(a.stack_args, LUGE_STACK_ARGS_UNKNOWN);
  EXPECT_EQ(plain.stub, 0u);
  EXPECT_EQ(plain.slot, 0u);
  EXPECT_EQ(plain.prefix, 2u);
  EXPECT_EQ(plain.name, "_Z4nnnnv"); // no symbol: from luge_names
  EXPECT_EQ(plain.name_source, NameSource::LugeNames);
}

TEST(ElfSites, StrippedProgramKeepsLugeNames) {
  TinyElf tiny;
  tiny.symtab = false;
  ElfSites elf = read(tiny.bytes());
  EXPECT_EQ(elf.sites[0].name, "_Z2nnv");
  EXPECT_EQ(elf.sites[1].name, "_Z3nnnv");
  tiny = TinyElf();
  tiny.symtab = tiny.names = false;
  elf = read(tiny.bytes());
  EXPECT_EQ(elf.sites[0].name, "");
  EXPECT_EQ(elf.debug_file, "/usr/lib/debug/.build-id/12/345678.debug");
}

TEST(ElfSites, FunctionsWithNopsThatThePluginHasNotSeen) {
  TinyElf tiny;
  tiny.foreign = true;
  ElfSites elf = read(tiny.bytes());
  ASSERT_EQ(elf.sites.size(), 4u);
  const ElfSite &site = elf.sites[3];
  EXPECT_FALSE(elf.sites[0].foreign);
  EXPECT_TRUE(site.foreign);
  EXPECT_EQ(site.function, 0x1060u);
  EXPECT_EQ(site.sled, 0x1060u);
  EXPECT_EQ(site.prefix, 2);
  EXPECT_EQ(site.entry, 1u);
  EXPECT_EQ(site.refused, nullptr);
  EXPECT_TRUE(site.before_main) << "five one-byte NOPs";
  EXPECT_EQ(site.name, "elsewhere");
}

TEST(ElfSites, WhatIsNoProgramIsRefusedInOneLine) {
  EXPECT_THAT(error_of(""), HasSubstr("not an ELF file"));
  EXPECT_THAT(error_of("hello, world"), HasSubstr("not an ELF file"));
  TinyElf object;
  object.type = ET_REL;
  EXPECT_THAT(error_of(object.bytes()), HasSubstr("a relocatable object"));
  TinyElf arm;
  arm.machine = EM_AARCH64;
  EXPECT_THAT(error_of(arm.bytes()), HasSubstr("another architecture"));
  std::string error;
  EXPECT_FALSE(read_elf_sites("/tmp", error));
  EXPECT_EQ(error, "/tmp: a directory, not a program");
}

TEST(ElfSites, RecordsOutsideTheCodeAreLeftOut) {
  std::string bytes = TinyElf().bytes();
  size_t records = bytes.find(std::string("\0\0\2\0", 4)); // flags, prefix of the first record
  ASSERT_NE(records, bytes.npos);
  std::memset(&bytes[records - 12], 0, 4); // its sled is the record itself
  ElfSites elf = read(bytes);
  EXPECT_EQ(elf.sites.size(), 2u);
  EXPECT_EQ(elf.warnings,
            std::vector<std::string>{"1 of 3 records point outside the code: left out"});
}

void survive(const TemporaryFile &file, std::string_view bytes) {
  file.write(bytes);
  std::string error;
  ModuleEntry entry = {};
  snprintf(entry.path, sizeof entry.path, "%s", file.path().c_str());
  if (!read_elf_sites(file.path(), error)) {
    EXPECT_THAT(error, HasSubstr(file.path() + ": "));
  }
  resolve_module(entry);
}

std::string all_kinds() {
  TinyElf tiny;
  tiny.foreign = true;
  return tiny.bytes();
}

TEST(ElfSites, EveryTruncationIsSurvived) {
  std::string bytes = all_kinds();
  TemporaryFile file;
  for (size_t n = 0; n < bytes.size(); ++n)
    survive(file, std::string_view(bytes).substr(0, n));
}

TEST(ElfSites, EveryBitFlipIsSurvived) {
  std::string bytes = all_kinds();
  TemporaryFile file;
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] ^= static_cast<char>(1 << bit);
      survive(file, bytes);
      bytes[i] ^= static_cast<char>(1 << bit);
    }
}

TEST(ResolveModule, ForeignSlotsAreNumberedByTheEntries) {
  TinyElf tiny;
  tiny.foreign = true;
  TemporaryFile file(tiny.bytes());
  ModuleEntry entry = {};
  entry.bias = kBias;
  snprintf(entry.path, sizeof entry.path, "%s", file.path().c_str());
  EXPECT_EQ(resolve_module(entry).module.sites.size(), 2u) << "the others are another entry's";
  entry.foreign_slots = 0x7f0000004000;
  TraceModule m = resolve_module(entry).module;
  ASSERT_EQ(m.sites.size(), 1u);
  EXPECT_EQ(m.sites[0].id, event_id(0x7f0000004000 + 16));
  EXPECT_EQ(m.sites[0].address, kBias + 0x1060);
  EXPECT_FALSE(luge_site_has_exit(m.sites[0].flags, m.sites[0].stack_args));
  EXPECT_STREQ(m.names.c_str() + m.sites[0].name, "elsewhere");
}

TEST(ResolveModule, GivesIdsAddressesAndNames) {
  TemporaryFile file(TinyElf().bytes());
  ModuleEntry entry = {};
  entry.pid = 5;
  entry.bias = kBias;
  entry.build_id_size = 4;
  std::memcpy(entry.build_id, "\x12\x34\x56\x78", 4);
  snprintf(entry.path, sizeof entry.path, "%s", file.path().c_str());
  ResolvedModule m = resolve_module(entry);
  ASSERT_EQ(m.module.sites.size(), 2u); // the one without a stub can never be traced
  EXPECT_EQ(m.module.sites[0].id, event_id(kBias + 0x5000));
  EXPECT_EQ(m.module.sites[1].address, kBias + 0x1020);
  EXPECT_STREQ(m.module.names.data() + m.module.sites[1].name, "_ZN1A1fEv");
  EXPECT_TRUE(m.warnings.empty());
  entry.build_id[0] = 9;
  m = resolve_module(entry);
  EXPECT_TRUE(m.module.sites.empty());
  EXPECT_THAT(m.warnings.at(0), HasSubstr("not the file that was traced"));
}

} // namespace
} // namespace luge::test
