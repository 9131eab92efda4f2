// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/foreign/object.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/sys/linux.h"

namespace luge {

namespace {

bool inside(uint64_t offset, uint64_t size, uint64_t whole) { return offset <= whole && size <= whole - offset; }

} // namespace

ObjectFile::ObjectFile(const dl_phdr_info &info) : object(info) {
  const char *given = info.dlpi_name && *info.dlpi_name ? info.dlpi_name : nullptr;
  if (given) {
    strncpy(name, given, sizeof name - 1);
  } else if (char *real = realpath("/proc/self/exe", nullptr)) {
    strncpy(name, real, sizeof name - 1);
    free(real);
  }
  open();
  if (!file)
    why = "its file cannot be read";
  else if (!is_loaded_one())
    why = "its file is not the one that was loaded";
}

ObjectFile::~ObjectFile() {
  if (file)
    sys::unmap(const_cast<uint8_t *>(file), size);
}

void ObjectFile::open() {
  // The program itself is there even if it was deleted meanwhile.
  bool self = !object.dlpi_name || !*object.dlpi_name;
  long fd = sys::open_file(self ? "/proc/self/exe" : name, O_RDONLY);
  if (fd < 0 && self)
    fd = sys::open_file(name, O_RDONLY);
  if (fd < 0)
    return;
  long bytes = sys::file_size(static_cast<int>(fd));
  if (bytes > static_cast<long>(sizeof(ElfW(Ehdr)))) {
    size = static_cast<size_t>(bytes);
    file = static_cast<const uint8_t *>(sys::map(size, PROT_READ, MAP_PRIVATE, static_cast<int>(fd), 0));
  }
  sys::close_file(static_cast<int>(fd));
}

bool ObjectFile::is_loaded_one() const {
  const ElfW(Ehdr) *e = header();
  size_t headers = object.dlpi_phnum * sizeof(ElfW(Phdr));
  if (memcmp(e->e_ident, ELFMAG, SELFMAG) || e->e_ident[EI_CLASS] != ELFCLASS64 ||
      e->e_phnum != object.dlpi_phnum || !inside(e->e_phoff, headers, size) ||
      memcmp(file + e->e_phoff, object.dlpi_phdr, headers) ||
      (e->e_shnum && e->e_shentsize != sizeof(ElfW(Shdr))) ||
      !inside(e->e_shoff, static_cast<uint64_t>(e->e_shnum) * sizeof(ElfW(Shdr)), size) ||
      (e->e_shnum && e->e_shstrndx >= e->e_shnum))
    return false;
  for (unsigned i = 0; i < object.dlpi_phnum; ++i) { // notes: the build-id among them
    const ElfW(Phdr) &p = object.dlpi_phdr[i];
    if (p.p_type == PT_NOTE && (p.p_flags & PF_R) &&
        (!inside(p.p_offset, p.p_filesz, size) ||
         memcmp(file + p.p_offset, reinterpret_cast<const void *>(bias() + p.p_vaddr), p.p_filesz)))
      return false;
  }
  return true;
}

Bounds ObjectFile::section(unsigned index, const char *wanted) const {
  const ElfW(Shdr) &s = sections()[index], &strings = sections()[header()->e_shstrndx];
  size_t length = strlen(wanted) + 1;
  if (!(s.sh_flags & SHF_ALLOC) || s.sh_type == SHT_NOBITS || !inside(strings.sh_offset, strings.sh_size, size) ||
      !inside(s.sh_name, length, strings.sh_size) ||
      memcmp(file + strings.sh_offset + s.sh_name, wanted, length))
    return {};
  uintptr_t begin = bias() + s.sh_addr;
  Bounds whole = segment(PT_LOAD, PF_R, begin);
  return whole.holds(begin, s.sh_size) ? Bounds{begin, begin + s.sh_size} : Bounds{};
}

const ElfW(Sym) *ObjectFile::symbols(unsigned index, size_t *count) const {
  const ElfW(Shdr) &s = sections()[index];
  *count = 0;
  if ((s.sh_type != SHT_SYMTAB && s.sh_type != SHT_DYNSYM) || !inside(s.sh_offset, s.sh_size, size))
    return nullptr;
  *count = s.sh_size / sizeof(ElfW(Sym));
  return reinterpret_cast<const ElfW(Sym) *>(file + s.sh_offset);
}

bool ObjectFile::is_function(const ElfW(Sym) &s) {
  unsigned type = ELF64_ST_TYPE(s.st_info);
  return (type == STT_FUNC || type == STT_GNU_IFUNC) && s.st_shndx != SHN_UNDEF;
}

Bounds ObjectFile::segment(uint32_t type, uint32_t flags, uintptr_t address) const {
  for (unsigned i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr) &p = object.dlpi_phdr[i];
    Bounds b{bias() + p.p_vaddr, bias() + p.p_vaddr + p.p_memsz};
    if (p.p_type == type && (p.p_flags & flags) == flags && (b.holds(address) || !address))
      return b;
  }
  return {};
}

} // namespace luge
