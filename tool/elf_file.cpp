// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/elf_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace luge {

std::unique_ptr<ElfFile> ElfFile::open(const std::string &path, std::string &error) {
  std::unique_ptr<ElfFile> file(new ElfFile);
  auto refuse = [&](std::string_view what) {
    error = fmt::format("{}: {}", path, what);
    return nullptr;
  };
  file->fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file->fd_ < 0)
    return refuse(std::strerror(errno));
  struct stat st;
  if (fstat(file->fd_, &st) != 0)
    return refuse(std::strerror(errno));
  if (S_ISDIR(st.st_mode))
    return refuse("a directory, not a program");
  if (!S_ISREG(st.st_mode))
    return refuse("not a regular file");
  elf_version(EV_CURRENT);
  file->elf_ = elf_begin(file->fd_, ELF_C_READ, nullptr);
  if (!file->elf_ || elf_kind(file->elf_) != ELF_K_ELF)
    return refuse("not an ELF file; name a program or a shared library");
  if (!gelf_getehdr(file->elf_, &file->header_))
    return refuse(fmt::format("damaged ELF file ({})", elf_errmsg(-1)));
  const GElf_Ehdr &h = file->header_;
  if (h.e_ident[EI_CLASS] != ELFCLASS64 || h.e_ident[EI_DATA] != ELFDATA2LSB ||
      h.e_machine != EM_X86_64)
    return refuse("an ELF file of another architecture; this luge knows x86-64");
  if (h.e_type == ET_REL)
    return refuse("a relocatable object: its sites have no addresses yet; name the linked file");
  if (h.e_type != ET_EXEC && h.e_type != ET_DYN)
    return refuse("neither a program nor a shared library");
  file->read_sections();
  return file;
}

ElfFile::~ElfFile() {
  if (elf_)
    elf_end(elf_);
  if (fd_ >= 0)
    ::close(fd_);
}

void ElfFile::read_sections() {
  size_t names = 0;
  bool has_names = elf_getshdrstrndx(elf_, &names) == 0;
  for (Elf_Scn *scn = nullptr; (scn = elf_nextscn(elf_, scn));) {
    ElfSection s = {};
    if (!gelf_getshdr(scn, &s.header))
      continue;
    const char *name = has_names ? elf_strptr(elf_, names, s.header.sh_name) : nullptr;
    s.name = name ? name : "";
    s.scn = scn;
    sections_.push_back(std::move(s));
  }
}

const ElfSection *ElfFile::section(std::string_view name) const {
  for (const ElfSection &s : sections_)
    if (s.name == name)
      return &s;
  return nullptr;
}

std::vector<const ElfSection *> ElfFile::sections(std::string_view name) const {
  std::vector<const ElfSection *> out;
  for (const ElfSection &s : sections_)
    if (s.name == name)
      out.push_back(&s);
  return out;
}

std::span<const uint8_t> ElfFile::content(const ElfSection &s) const {
  if (s.header.sh_type == SHT_NOBITS)
    return {};
  Elf_Data *data = elf_rawdata(s.scn, nullptr);
  if (!data || !data->d_buf)
    return {};
  return {static_cast<const uint8_t *>(data->d_buf), data->d_size};
}

const ElfSection *ElfFile::at(uint64_t address, uint64_t bytes) const {
  for (const ElfSection &s : sections_) {
    const GElf_Shdr &h = s.header;
    bool tls_zero = (h.sh_flags & SHF_TLS) && h.sh_type == SHT_NOBITS; // occupies no address
    if ((h.sh_flags & SHF_ALLOC) && !tls_zero && address >= h.sh_addr &&
        address - h.sh_addr < h.sh_size && h.sh_size - (address - h.sh_addr) >= bytes)
      return &s;
  }
  return nullptr;
}

bool ElfFile::executable(uint64_t address) const {
  const ElfSection *s = at(address, 1);
  return s && (s->header.sh_flags & SHF_EXECINSTR);
}

bool ElfFile::allocated(uint64_t address, uint64_t bytes) const { return at(address, bytes); }

std::optional<int32_t> ElfFile::read_i32(uint64_t address) const {
  const ElfSection *s = at(address, sizeof(int32_t));
  if (!s)
    return {};
  std::span<const uint8_t> bytes = content(*s);
  uint64_t offset = address - s->header.sh_addr;
  if (bytes.size() < sizeof(int32_t) || offset > bytes.size() - sizeof(int32_t))
    return {};
  int32_t value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::span<const uint8_t> ElfFile::bytes_from(uint64_t address) const {
  const ElfSection *s = at(address, 1);
  std::span<const uint8_t> bytes = s ? content(*s) : std::span<const uint8_t>();
  uint64_t offset = s ? address - s->header.sh_addr : 0;
  return offset < bytes.size() ? bytes.subspan(offset) : std::span<const uint8_t>();
}

// What RELR relocates stands in place; what RELA relocates mostly does not.
std::vector<uint64_t> ElfFile::relocated_words(const ElfSection &section) const {
  std::span<const uint8_t> bytes = content(section);
  std::vector<uint64_t> out(bytes.size() / sizeof(uint64_t));
  if (!out.empty())
    std::memcpy(out.data(), bytes.data(), out.size() * sizeof(uint64_t));
  for (const ElfSection &s : sections_) {
    Elf_Data *data = s.header.sh_type == SHT_RELA && (s.header.sh_flags & SHF_ALLOC)
                         ? elf_getdata(s.scn, nullptr)
                         : nullptr;
    int count = data ? static_cast<int>(
                           std::min<size_t>(data->d_size / sizeof(Elf64_Rela), INT32_MAX))
                     : 0;
    GElf_Rela r;
    for (int i = 0; i < count && gelf_getrela(data, i, &r); ++i) {
      uint64_t word = (r.r_offset - section.header.sh_addr) / sizeof(uint64_t);
      if (GELF_R_TYPE(r.r_info) == R_X86_64_RELATIVE && word < out.size())
        out[word] = static_cast<uint64_t>(r.r_addend);
    }
  }
  return out;
}

bool ElfFile::has_table(uint32_t table) const {
  return std::any_of(sections_.begin(), sections_.end(),
                     [&](const ElfSection &s) { return s.header.sh_type == table; });
}

void ElfFile::symbols(uint32_t table, const std::function<void(const ElfSymbol &)> &each) const {
  for (const ElfSection &s : sections_) {
    if (s.header.sh_type != table)
      continue;
    Elf_Data *data = elf_getdata(s.scn, nullptr);
    if (!data || data->d_type != ELF_T_SYM)
      continue;
    int count = static_cast<int>(std::min<size_t>(data->d_size / sizeof(Elf64_Sym), INT32_MAX));
    for (int i = 1; i < count; ++i) {
      GElf_Sym symbol;
      if (!gelf_getsym(data, i, &symbol))
        break;
      unsigned type = GELF_ST_TYPE(symbol.st_info), binding = GELF_ST_BIND(symbol.st_info);
      if (symbol.st_shndx == SHN_UNDEF || type == STT_SECTION || type == STT_FILE ||
          type == STT_OBJECT || type == STT_TLS)
        continue;
      const char *name = elf_strptr(elf_, s.header.sh_link, symbol.st_name);
      if (!name || !*name)
        continue;
      bool function = type == STT_FUNC || type == STT_GNU_IFUNC;
      unsigned rank = (function ? 0 : 3) + (binding == STB_GLOBAL ? 0
                                            : binding == STB_WEAK ? 1
                                                                  : 2);
      each({name, symbol.st_value, rank});
    }
  }
}

std::vector<uint8_t> ElfFile::build_id() const {
  for (const ElfSection &s : sections_) {
    if (s.header.sh_type != SHT_NOTE)
      continue;
    Elf_Data *data = elf_getdata(s.scn, nullptr);
    if (!data)
      continue;
    GElf_Nhdr note;
    size_t name, description;
    for (size_t o = 0; (o = gelf_getnote(data, o, &note, &name, &description)) > 0;)
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
          !std::memcmp(static_cast<char *>(data->d_buf) + name, "GNU", 4)) {
        auto *bytes = static_cast<uint8_t *>(data->d_buf) + description;
        return {bytes, bytes + std::min<size_t>(note.n_descsz, 20)};
      }
  }
  return {};
}

// .comment holds a line per compiler that took part: the start files add gcc's to every program.
std::string ElfFile::compiler() const {
  const ElfSection *s = section(".comment");
  if (!s)
    return {};
  std::span<const uint8_t> bytes = content(*s);
  std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  auto version = [&](size_t from) {
    size_t end = text.find_first_not_of("0123456789.", from);
    return std::string(text.substr(from, end == text.npos ? end : end - from));
  };
  constexpr std::string_view clang = "clang version ", gcc = "GCC: (";
  if (size_t at = text.find(clang); at != text.npos)
    return "clang " + version(at + clang.size());
  size_t at = text.find(gcc);
  size_t close = at == text.npos ? at : text.find(") ", at);
  return close == text.npos ? "" : "gcc " + version(close + 2);
}

} // namespace luge
