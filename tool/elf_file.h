// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A thin, range-checked view of an ELF file through libelf. The file is read, not mapped, so that
// a file that shrinks meanwhile is an error and not a SIGBUS.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gelf.h>

namespace luge {

struct ElfSection {
  std::string name;
  GElf_Shdr header;
  Elf_Scn *scn;
};

struct ElfSymbol {
  std::string_view name;
  uint64_t address;
  unsigned rank; // lower is the better name for its address
};

class ElfFile {
public:
  static std::unique_ptr<ElfFile> open(const std::string &path, std::string &error);
  ~ElfFile();
  ElfFile(const ElfFile &) = delete;
  ElfFile &operator=(const ElfFile &) = delete;

  const GElf_Ehdr &header() const { return header_; }
  const ElfSection *section(std::string_view name) const;
  std::vector<const ElfSection *> sections(std::string_view name) const; // in the file's order
  std::span<const uint8_t> content(const ElfSection &section) const; // empty: none or unreadable
  bool executable(uint64_t address) const;                           // inside a section of code
  bool allocated(uint64_t address, uint64_t bytes) const;  // inside a section of the image
  std::optional<int32_t> read_i32(uint64_t address) const; // from the section that holds it
  // The bytes of the file from this address to the end of its section.
  std::span<const uint8_t> bytes_from(uint64_t address) const;
  // The address that the loader will find or put at each 8-byte word of the section, without bias.
  std::vector<uint64_t> relocated_words(const ElfSection &section) const;
  void symbols(uint32_t table, const std::function<void(const ElfSymbol &)> &each) const;
  bool has_table(uint32_t table) const; // SHT_SYMTAB or SHT_DYNSYM
  std::vector<uint8_t> build_id() const;
  std::string compiler() const;

private:
  ElfFile() = default;
  void read_sections();
  const ElfSection *at(uint64_t address, uint64_t bytes) const;

  int fd_ = -1;
  Elf *elf_ = nullptr;
  GElf_Ehdr header_ = {};
  std::vector<ElfSection> sections_;
};

} // namespace luge
