// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A loaded object with the ELF file that it came from, which alone has section headers and, mostly,
// symbols. The file is trusted only if it is the loaded one: same program headers, same build-id.
#pragma once

#include <link.h>

#include <cstddef>
#include <cstdint>

namespace luge {

struct Bounds {
  uintptr_t begin, end;
  bool holds(uintptr_t at, size_t size = 1) const { return at >= begin && at < end && end - at >= size; }
};

class ObjectFile {
public:
  // Valid inside the callback of dl_iterate_phdr that got `info`.
  explicit ObjectFile(const dl_phdr_info &info);
  ~ObjectFile();
  ObjectFile(const ObjectFile &) = delete;

  // Null: the file is the loaded object's.
  const char *refusal() const { return why; }
  const char *path() const { return name; }
  uintptr_t bias() const { return object.dlpi_addr; }

  unsigned section_count() const { return refusal() ? 0 : header()->e_shnum; }
  // Where a section is in memory, if it has this name and is loaded; else empty.
  Bounds section(unsigned index, const char *wanted) const;
  // Calls each(address, size) for every function of the symbol tables.
  template <typename Each> void functions(Each each) const {
    for (unsigned i = 0; i < section_count(); ++i) {
      size_t count;
      for (const ElfW(Sym) *s = symbols(i, &count); count; ++s, --count)
        if (is_function(*s))
          each(bias() + s->st_value, static_cast<uint64_t>(s->st_size));
    }
  }
  // The segment of this type with these flags that holds `address` (0: the first); else empty.
  Bounds segment(uint32_t type, uint32_t flags, uintptr_t address) const;

private:
  const ElfW(Ehdr) *header() const { return reinterpret_cast<const ElfW(Ehdr) *>(file); }
  const ElfW(Shdr) *sections() const {
    return reinterpret_cast<const ElfW(Shdr) *>(file + header()->e_shoff);
  }
  const ElfW(Sym) *symbols(unsigned index, size_t *count) const;
  static bool is_function(const ElfW(Sym) &s);
  void open();
  bool is_loaded_one() const;

  const dl_phdr_info &object;
  char name[512] = {};
  const uint8_t *file = nullptr;
  size_t size = 0;
  const char *why = nullptr;
};

} // namespace luge
