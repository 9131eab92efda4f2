// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/traced_program.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sled/glob.h"
#include "sled/policy.h"
#include "tool/closest.h"
#include "tool/elf_file.h"
#include "tool/elf_sites.h"
#include "tool/text.h"
#include "tool/toolchain.h"

extern char **environ;

namespace luge {
namespace {

std::string interpreter_of(const ElfFile &elf) {
  const ElfSection *s = elf.section(".interp");
  std::span<const uint8_t> bytes = s ? elf.content(*s) : std::span<const uint8_t>();
  return {reinterpret_cast<const char *>(bytes.data()),
          strnlen(reinterpret_cast<const char *>(bytes.data()), bytes.size())};
}

bool needs_libluge(const ElfFile &elf) {
  const ElfSection *dynamic = elf.section(".dynamic"), *strings = elf.section(".dynstr");
  if (!dynamic || !strings)
    return false;
  std::span<const uint8_t> entries = elf.content(*dynamic), names = elf.content(*strings);
  for (size_t at = 0; at + sizeof(Elf64_Dyn) <= entries.size(); at += sizeof(Elf64_Dyn)) {
    Elf64_Dyn d;
    std::memcpy(&d, entries.data() + at, sizeof d);
    if (d.d_tag != DT_NEEDED || d.d_un.d_val >= names.size())
      continue;
    const char *name = reinterpret_cast<const char *>(names.data()) + d.d_un.d_val;
    if (std::string_view(name, strnlen(name, names.size() - d.d_un.d_val))
            .starts_with("libluge.so"))
      return true;
  }
  return false;
}

// Objects that it loads while it runs are not known before.
bool may_load_more(const ElfFile &elf) {
  const ElfSection *strings = elf.section(".dynstr");
  if (!strings)
    return false;
  std::span<const uint8_t> bytes = elf.content(*strings);
  std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  return text.find(std::string_view("\0dlopen\0", 8)) != text.npos;
}

bool defines_runtime(const ElfFile &elf) {
  bool found = false;
  for (uint32_t table : {uint32_t(SHT_SYMTAB), uint32_t(SHT_DYNSYM)})
    elf.symbols(table, [&](const ElfSymbol &s) { found |= s.name == "luge_module_register"; });
  return found;
}

// What `ld.so --list PROGRAM` prints: it resolves everything as for a run, and runs nothing of
// the program. We are about to run the program with that very loader.
std::string list_needed(const std::string &interpreter, const std::string &program) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0)
    return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::string loader = interpreter, option = "--list", file = program;
  char *argv[] = {loader.data(), option.data(), file.data(), nullptr};
  pid_t pid;
  int failed = posix_spawn(&pid, loader.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(fds[1]);
  std::string out;
  char buffer[4096];
  ssize_t n;
  while (!failed && (n = read(fds[0], buffer, sizeof buffer)) > 0)
    out.append(buffer, static_cast<size_t>(n));
  close(fds[0]);
  if (!failed)
    waitpid(pid, nullptr, 0);
  return out;
}

// "\tlibm.so.6 => /lib/libm.so.6 (0x7f...)" -> "/lib/libm.so.6".
std::vector<std::string> needed_objects(const std::string &interpreter,
                                        const std::string &program) {
  std::vector<std::string> out;
  std::string text = interpreter.empty() ? "" : list_needed(interpreter, program);
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    size_t begin = line.find("=> /"), close = line.rfind(" (0x");
    if (begin != line.npos && close != line.npos && close > begin)
      out.push_back(line.substr(begin + 3, close - begin - 3));
    at = end + 1;
  }
  return out;
}

uint64_t add_sites(const std::string &path, TracedProgram &out) {
  std::string error;
  std::optional<ElfSites> elf = read_elf_sites(path, error);
  if (!elf)
    return 0;
  uint64_t count = 0;
  for (const ElfSite &site : elf->sites) {
    count += !site.refused;
    if (!site.name.empty() && !site.refused)
      out.names.push_back(site.name);
  }
  if (path == out.path)
    out.compiler = elf->compiler;
  return count;
}

bool is_script(const std::string &path) {
  char magic[4] = {};
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool elf = fd >= 0 && read(fd, magic, sizeof magic) == sizeof magic &&
             std::memcmp(magic, ELFMAG, SELFMAG) == 0;
  if (fd >= 0)
    close(fd);
  return fd >= 0 && !elf;
}

std::optional<std::string> find_file(const std::string &name, std::string &error, int &status) {
  if (std::optional<std::string> found = find_program(name))
    return found;
  struct stat s;
  bool there = name.find('/') != name.npos && stat(name.c_str(), &s) == 0;
  status = there ? 126 : 127;
  if (there)
    error = name +
            (S_ISDIR(s.st_mode) ? ": a directory, not a program" : ": not executable; chmod +x it");
  else
    error = name + ": no such program" + (name.find('/') == name.npos ? " in PATH" : "");
  return {};
}

// The glob's own letters, to look for what may have been meant.
std::string without_wildcards(std::string_view glob) {
  std::string out;
  std::copy_if(glob.begin(), glob.end(), std::back_inserter(out),
               [](char c) { return c != '*' && c != '?'; });
  return out;
}

bool matches_any(const std::string &glob, const std::vector<std::string> &names,
                 const std::vector<std::string> &demangled) {
  for (size_t i = 0; i < names.size(); ++i)
    if (name_match(glob, names[i], demangled[i]))
      return true;
  return false;
}

} // namespace

std::optional<TracedProgram> look_at_program(const std::string &name, std::string &error,
                                             int &status) {
  std::optional<std::string> path = find_file(name, error, status);
  if (!path)
    return {};
  TracedProgram out;
  out.path = *path;
  if (is_script(*path))
    return out;
  std::unique_ptr<ElfFile> elf = ElfFile::open(*path, error);
  if (!elf) {
    status = 126;
    return {};
  }
  std::string interpreter = interpreter_of(*elf);
  out.is_elf = true;
  out.is_static = interpreter.empty();
  out.may_load_more = may_load_more(*elf);
  out.has_runtime = needs_libluge(*elf) || defines_runtime(*elf);
  out.sites = out.sites_all = add_sites(*path, out);
  for (const std::string &object : needed_objects(interpreter, *path))
    out.sites_all += add_sites(object, out);
  std::sort(out.names.begin(), out.names.end());
  out.names.erase(std::unique(out.names.begin(), out.names.end()), out.names.end());
  return out;
}

std::optional<std::string> unmatched_glob(const std::vector<std::string> &globs,
                                          const std::vector<std::string> &names) {
  if (globs.empty())
    return {};
  std::vector<std::string> demangled;
  for (const std::string &name : names)
    demangled.push_back(demangle(name));
  for (const std::string &glob : globs) {
    if (matches_any(glob, names, demangled))
      continue;
    for (std::string &name : demangled)
      name = std::string(qualified_name(name));
    std::string near;
    for (const std::string &name : closest(without_wildcards(glob), demangled, 3))
      near += (near.empty() ? ". Closest: " : ", ") + name;
    return fmt::format("no function matches '{}' ({} known){}", glob, with_commas(names.size()),
                       near);
  }
  return {};
}

} // namespace luge
