// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/toolchain.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef LUGE_LIBDIR
#define LUGE_LIBDIR "lib" // as installed, relative to the prefix
#endif

extern char **environ;

namespace luge {
namespace {

bool is_program(const std::string &path) {
  struct stat s;
  return stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode) && access(path.c_str(), X_OK) == 0;
}

bool is_directory(const std::string &path) {
  struct stat s;
  return stat(path.c_str(), &s) == 0 && S_ISDIR(s.st_mode);
}

std::string real_path(const std::string &path) {
  char *real = realpath(path.c_str(), nullptr);
  std::string out = real ? real : path;
  std::free(real);
  return out;
}

std::string directory_of(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, slash);
}

std::string base_of(const std::string &path) { return path.substr(path.rfind('/') + 1); }

bool is_version(std::string_view s) {
  return !s.empty() && std::isdigit(static_cast<unsigned char>(s[0])) &&
         s.find_first_not_of("0123456789.") == s.npos;
}

// What stands before the driver's name: "aarch64-linux-gnu-gcc", "gcc" -> "aarch64-linux-gnu-", "".
// Nothing where this is no name of a GCC driver.
std::optional<std::string> gcc_prefix(const std::string &stem) {
  for (std::string_view driver : {"gcc", "g++", "gfortran", "gnat", "cpp"})
    if (stem.ends_with(driver)) {
      std::string prefix = stem.substr(0, stem.size() - driver.size());
      if (prefix.empty() || prefix.ends_with('-'))
        return prefix;
    }
  return {};
}

void set_gcc_target(const std::string &stem, Compiler &out) {
  std::optional<std::string> prefix = gcc_prefix(stem);
  if (prefix && !prefix->empty() && !is_this_machine(*prefix))
    out.target = prefix->substr(0, prefix->size() - 1);
}

// "x86_64-linux-gnu-gcc-12" -> gcc, "12". Without a version in its name: nothing.
bool from_gcc_name(const std::string &base, Compiler &out) {
  size_t dash = base.rfind('-');
  if (dash == base.npos || !is_version(std::string_view(base).substr(dash + 1)))
    return false;
  std::string stem = base.substr(0, dash);
  if (!gcc_prefix(stem))
    return false;
  out.kind = CompilerKind::Gcc;
  out.version = base.substr(dash + 1);
  set_gcc_target(stem, out);
  return true;
}

// "/usr/lib/llvm-19/bin/clang", "/opt/bin/clang-22" -> clang, version.
bool from_clang_name(const std::string &real, Compiler &out) {
  std::string base = base_of(real);
  if (!base.starts_with("clang"))
    return false;
  std::string rest = base.substr(5);
  if (rest.starts_with("++"))
    rest = rest.substr(2);
  if (rest.starts_with("-") && is_version(std::string_view(rest).substr(1)))
    out.version = rest.substr(1);
  else if (size_t at = real.find("/llvm-"); rest.empty() && at != real.npos) {
    size_t end = real.find('/', at + 6);
    out.version = real.substr(at + 6, end - at - 6);
  }
  if (!is_version(out.version)) {
    out.version.clear();
    return false;
  }
  out.kind = CompilerKind::Clang;
  return true;
}

// The first 4 KiB of what `path --version` prints.
std::string ask_version(const std::string &path) {
  int pipe_fds[2];
  if (pipe2(pipe_fds, O_CLOEXEC) != 0)
    return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::string name = path, option = "--version";
  char *argv[] = {name.data(), option.data(), nullptr};
  pid_t pid;
  int failed = posix_spawn(&pid, path.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_fds[1]);
  std::string out;
  char buffer[4096];
  ssize_t n;
  while (!failed && (n = read(pipe_fds[0], buffer, sizeof buffer)) > 0)
    if (out.size() < sizeof buffer)
      out.append(buffer, static_cast<size_t>(n));
  close(pipe_fds[0]);
  if (!failed)
    waitpid(pid, nullptr, 0);
  return out;
}

// The first word of digits and dots behind `from`.
std::string version_behind(const std::string &text, size_t from) {
  while (from < text.size() && text[from] != '\n') {
    size_t end = text.find_first_of(" \n", from);
    std::string word = text.substr(from, end - from);
    word = word.substr(0, word.find_first_not_of("0123456789."));
    if (is_version(word))
      return word;
    if (end == text.npos)
      break;
    from = end + (text[end] == ' ');
  }
  return {};
}

void from_version_output(const std::string &text, Compiler &out) {
  if (size_t at = text.find("clang version "); at != text.npos) {
    out.kind = CompilerKind::Clang;
    out.version = version_behind(text, at + 14);
  } else if (text.find("Free Software Foundation") != text.npos) {
    out.kind = CompilerKind::Gcc;
    // "gcc-12 (Debian 12.2.0-14) 12.2.0": behind the parenthesis, which may say anything
    size_t line_end = text.find('\n'), paren = text.rfind(") ", line_end);
    out.version = version_behind(text, paren == text.npos ? 0 : paren + 2);
  }
}

std::vector<std::string> split_version(const std::string &name) {
  size_t dash = name.rfind('-');
  return {name.substr(0, dash), dash == name.npos ? "" : name.substr(dash + 1)};
}

} // namespace

std::optional<std::string> find_program(const std::string &name) {
  if (name.find('/') != name.npos)
    return is_program(name) ? std::optional(name) : std::nullopt;
  const char *path = std::getenv("PATH");
  std::string dirs = path ? path : "/usr/local/bin:/usr/bin:/bin";
  for (size_t begin = 0; begin <= dirs.size();) {
    size_t end = std::min(dirs.find(':', begin), dirs.size());
    std::string dir = begin == end ? "." : dirs.substr(begin, end - begin);
    if (std::string file = dir + "/" + name; is_program(file))
      return file;
    begin = end + 1;
  }
  return std::nullopt;
}

Compiler identify_compiler(const std::string &path) {
  Compiler out;
  out.path = path;
  std::string real = real_path(path);
  out.directory = directory_of(real);
  if (!from_gcc_name(base_of(real), out) && !from_clang_name(real, out))
    from_version_output(ask_version(path), out);
  if (out.kind == CompilerKind::Gcc)
    set_gcc_target(base_of(real), out);
  return out;
}

bool is_this_machine(const std::string &target) {
  utsname name;
  return uname(&name) == 0 && target.substr(0, target.find('-')) == name.machine;
}

std::string plugin_name(const Compiler &compiler) {
  std::string major = compiler.version.substr(0, compiler.version.find('.'));
  if (compiler.kind == CompilerKind::Gcc)
    return (compiler.target.empty() ? "" : compiler.target + "-") + "gcc-" + major;
  return compiler.kind == CompilerKind::Clang ? "llvm-" + major : "";
}

std::string compiler_text(const Compiler &compiler) {
  if (compiler.kind == CompilerKind::Unknown)
    return compiler.path;
  return (compiler.kind == CompilerKind::Gcc ? "gcc " : "clang ") + compiler.version;
}

std::string library_directory() {
  static const std::string found = [] {
    std::string prefix = directory_of(directory_of(real_path("/proc/self/exe")));
    for (const char *lib : {"/lib", "/" LUGE_LIBDIR})
      if (is_directory(prefix + lib + "/luge") ||
          access((prefix + lib + "/libluge.so").c_str(), F_OK) == 0)
        return prefix + lib;
    return prefix + "/" LUGE_LIBDIR;
  }();
  return found;
}

std::string plugin_file(const std::string &library_directory, const std::string &name) {
  return library_directory + "/luge/" + name + "/luge.so";
}

std::vector<std::string> available_plugins(const std::string &library_directory) {
  std::vector<std::string> out;
  if (DIR *dir = opendir((library_directory + "/luge").c_str())) {
    while (const dirent *entry = readdir(dir))
      if (entry->d_name[0] != '.' &&
          access(plugin_file(library_directory, entry->d_name).c_str(), R_OK) == 0)
        out.emplace_back(entry->d_name);
    closedir(dir);
  }
  std::sort(out.begin(), out.end(), [](const std::string &a, const std::string &b) {
    auto x = split_version(a), y = split_version(b);
    if (x[0] != y[0])
      return x[0] < y[0];
    return std::atoi(x[1].c_str()) < std::atoi(y[1].c_str());
  });
  return out;
}

std::string no_plugin_text(const std::string &what, const std::string &library_directory) {
  std::string out = "no plugin for " + what;
  std::vector<std::string> have = available_plugins(library_directory);
  if (have.empty())
    return out + "; " + library_directory + "/luge has none at all";
  out += "; have";
  for (const std::string &name : have)
    out += " " + name;
  return out;
}

} // namespace luge
