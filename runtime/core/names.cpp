// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/names.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/sys/linux.h"
#include "sled/glob.h"

// A C++ program has one (libstdc++, libc++abi); a C program has no names that need it.
extern "C" char *__cxa_demangle(const char *, char *, size_t *, int *) __attribute__((weak));

namespace luge {

namespace {

bool inside(uint64_t offset, uint64_t size, uint64_t whole) { return offset <= whole && size <= whole - offset; }

} // namespace

ModuleNames::ModuleNames(const Module &m) : module(m) {
  long fd = sys::open_file(m.path, O_RDONLY);
  if (fd >= 0) {
    long size = sys::file_size(static_cast<int>(fd));
    if (size > static_cast<long>(sizeof(Elf64_Ehdr))) {
      file_bytes = static_cast<size_t>(size);
      file = static_cast<const uint8_t *>(sys::map(file_bytes, PROT_READ, MAP_PRIVATE, static_cast<int>(fd), 0));
    }
    sys::close_file(static_cast<int>(fd));
  }
  if (!read_symbols(SHT_SYMTAB)) {
    read_names_section();
    read_symbols(SHT_DYNSYM);
  }
  sort();
}

ModuleNames::~ModuleNames() {
  free(entries);
  if (file)
    sys::unmap(const_cast<uint8_t *>(file), file_bytes);
}

void ModuleNames::add(uintptr_t address, const char *name) {
  if (count == room) {
    size_t more = room ? 2 * room : 1024;
    void *p = realloc(entries, more * sizeof(Entry));
    if (!p)
      return;
    entries = static_cast<Entry *>(p);
    room = more;
  }
  entries[count++] = {address, name};
}

bool ModuleNames::read_symbols(uint32_t type) {
  if (!file)
    return false;
  auto *e = reinterpret_cast<const Elf64_Ehdr *>(file);
  if (memcmp(e->e_ident, ELFMAG, SELFMAG) || e->e_ident[EI_CLASS] != ELFCLASS64 ||
      e->e_shentsize != sizeof(Elf64_Shdr) ||
      !inside(e->e_shoff, static_cast<uint64_t>(e->e_shnum) * sizeof(Elf64_Shdr), file_bytes))
    return false;
  auto *sections = reinterpret_cast<const Elf64_Shdr *>(file + e->e_shoff);
  bool found = false;
  for (unsigned i = 0; i < e->e_shnum; ++i) {
    const Elf64_Shdr &s = sections[i];
    if (s.sh_type != type || s.sh_link >= e->e_shnum || !inside(s.sh_offset, s.sh_size, file_bytes))
      continue;
    const Elf64_Shdr &strings = sections[s.sh_link];
    if (!inside(strings.sh_offset, strings.sh_size, file_bytes) || !strings.sh_size ||
        file[strings.sh_offset + strings.sh_size - 1])
      continue;
    auto *symbol = reinterpret_cast<const Elf64_Sym *>(file + s.sh_offset);
    for (uint64_t n = s.sh_size / sizeof *symbol; n--; ++symbol)
      if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF &&
          symbol->st_name < strings.sh_size) {
        add(module.bias + symbol->st_value, reinterpret_cast<const char *>(file + strings.sh_offset + symbol->st_name));
        found = true;
      }
  }
  return found;
}

void ModuleNames::read_names_section() {
  for (const char *p = module.names; p && p + 5 <= module.names_end;) {
    int32_t reference;
    memcpy(&reference, p, sizeof reference);
    const char *name = p + 4;
    size_t length = strnlen(name, static_cast<size_t>(module.names_end - name));
    add(reinterpret_cast<uintptr_t>(p) + static_cast<intptr_t>(reference), name);
    p = name + length + (4 - length % 4);
  }
}

void ModuleNames::sort() {
  qsort(entries, count, sizeof(Entry), [](const void *a, const void *b) {
    auto x = static_cast<const Entry *>(a)->address, y = static_cast<const Entry *>(b)->address;
    return x < y ? -1 : static_cast<int>(x > y);
  });
}

const char *ModuleNames::find(uintptr_t function) const {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (entries[middle].address < function)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && entries[low].address == function ? entries[low].name : nullptr;
}

FunctionName::FunctionName(const char *name) {
  if (!name)
    return;
  mangled = demangled = name;
  if (name[0] == '_' && name[1] == 'Z' && &__cxa_demangle) {
    int status = 0;
    owned = __cxa_demangle(name, nullptr, nullptr, &status);
    if (owned)
      demangled = owned;
  }
  qualified = named = owned ? qualified_name(demangled) : demangled;
  constexpr std::string_view kUnnamed = "(anonymous namespace)::";
  if (!owned || qualified.find(kUnnamed) == std::string_view::npos ||
      !(shortened = static_cast<char *>(malloc(qualified.size()))))
    return;
  size_t size = 0;
  for (std::string_view rest = qualified; !rest.empty();) {
    if (rest.starts_with(kUnnamed)) {
      rest.remove_prefix(kUnnamed.size());
      continue;
    }
    shortened[size++] = rest.front();
    rest.remove_prefix(1);
  }
  named = std::string_view(shortened, size);
}

FunctionName::~FunctionName() {
  free(owned);
  free(shortened);
}

} // namespace luge
