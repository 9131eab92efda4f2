// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sites of an ELF file: luge_sites joined with stub, slot and name. Used by `luge list` and by
// the recorder, which writes names and ids into the trace. The file may be anything: truncated,
// damaged, hostile. Every address is looked up through the section headers and range-checked;
// what cannot be is left zero or named in `warnings`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace luge {

enum class NameSource : uint8_t { None, Symtab, LugeNames, Dynsym, DebugFile };

// Addresses are virtual addresses of the ELF file: run-time address = bias + address.
struct ElfSite {
  uint64_t sled = 0, function = 0;
  uint64_t stub = 0;                                       // 0: no stub
  uint64_t slot = 0;                                       // 0: no stub, or it cannot be read
  uint8_t kind = 0, flags = 0, prefix = 0, stack_args = 0; // as in struct luge_site
  NameSource name_source = NameSource::None;
  std::string name; // mangled; empty: none known
  bool foreign = false;          // NOPs of a compiler without the plugin: no stub in the file
  uint32_t entry = 0;            // foreign: its number in __patchable_function_entries
  const char *refused = nullptr; // foreign: why it cannot be traced
  bool before_main = false;      // foreign: needs preparing while the program has one thread
};

struct ElfSites {
  std::vector<ElfSite> sites; // sorted by function address, then sled
  uint64_t section = 0;       // virtual address of luge_sites; 0: the file has none
  std::vector<uint8_t> build_id;
  std::string compiler;   // from .comment, e.g. "gcc 12.2.0"; empty: not known
  std::string debug_file; // where names were looked for in vain or found; empty: not needed
  std::vector<std::string> warnings; // what was left out, in words
};

// Reads the file. std::nullopt: `error` says why, "a.out: not an ELF file".
// A file without sleds is no error: sites is empty and section 0. Foreign sites come with the others.
std::optional<ElfSites> read_elf_sites(const std::string &path, std::string &error);

const char *name_source_text(NameSource source);
std::string hex(const std::vector<uint8_t> &bytes);

} // namespace luge
