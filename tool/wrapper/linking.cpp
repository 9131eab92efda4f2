// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/wrapper/linking.h"

#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace luge {
namespace {

Linker by_name(std::string_view name) {
  name = name.substr(name.rfind('/') + 1);
  if (name.find("lld") != name.npos)
    return Linker::Lld;
  if (name.find("mold") != name.npos)
    return Linker::Mold;
  if (name.find("gold") != name.npos)
    return Linker::Gold;
  return name.find("bfd") != name.npos ? Linker::Bfd : Linker::Unknown;
}

// An unmarked "ld" is GNU ld's own name.
Linker by_file(const std::string &path) {
  char *real = realpath(path.c_str(), nullptr);
  std::string_view name = real ? real : path;
  Linker found = by_name(name);
  if (found == Linker::Unknown && name.ends_with("ld"))
    found = Linker::Bfd;
  std::free(real);
  return found;
}

bool find_in(const std::string &prefix, Linker &out) {
  for (const char *join : {"", "/"})
    if (std::string file = prefix + join + "ld"; access(file.c_str(), X_OK) == 0) {
      out = by_file(file);
      return true;
    }
  return false;
}

// Path of a runtime file for the linker: -Xlinker, not -Wl, keeps commas; and no -x applies to it.
bool add_file(std::vector<std::string> &out, const std::string &path) {
  out.insert(out.end(), {"-Xlinker", path});
  return access(path.c_str(), R_OK) == 0;
}

std::string missing(const std::string &path) {
  return path + ": not there; build it, or set LUGE_RUNTIME=none";
}

} // namespace

Linker find_linker(const CommandLine &line) {
  if (!line.linker.empty()) {
    Linker named = by_name(line.linker);
    return named == Linker::Unknown && line.linker[0] == '/' ? by_file(line.linker) : named;
  }
  Linker found = Linker::Unknown;
  for (const std::string &prefix : line.prefixes)
    if (find_in(prefix, found))
      return found;
  if (const char *path = std::getenv("COMPILER_PATH"))
    for (std::string_view rest = path; !rest.empty();) {
      size_t colon = std::min(rest.find(':'), rest.size());
      if (colon && find_in(std::string(rest.substr(0, colon)), found))
        return found;
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
  std::optional<std::string> ld = find_program("ld");
  return ld ? by_file(*ld) : Linker::Unknown;
}

bool has_own_lld(const Compiler &clang) {
  return access((clang.directory + "/ld.lld").c_str(), X_OK) == 0;
}

std::string add_runtime(std::vector<std::string> &out, const CommandLine &line, RuntimeLink runtime,
                        const std::string &library_directory) {
  if (runtime == RuntimeLink::Shared && line.is_static && !line.shared)
    runtime = RuntimeLink::Static;
  if (runtime == RuntimeLink::None || line.no_libraries)
    return {};
  if (runtime == RuntimeLink::Shared) {
    if (std::string near = library_directory + "/luge-near.o"; access(near.c_str(), R_OK) == 0)
      add_file(out, near); // some architectures have none
    std::string file = library_directory + "/libluge.so";
    out.push_back("-Wl,--push-state,--no-as-needed");
    bool there = add_file(out, file);
    out.insert(out.end(), {"-Wl,--pop-state", "-Xlinker", "-rpath", "-Xlinker", library_directory});
    return there ? "" : missing(file);
  }
  if (line.shared) // the executable has it
    return {};
  std::string file = library_directory + "/libluge.a";
  out.push_back("-Wl,-u,luge_module_register");
  bool there = add_file(out, file);
  if (!line.is_static) // for shared objects that are loaded later
    out.push_back("-Wl,--export-dynamic-symbol=luge_module_register,"
                  "--export-dynamic-symbol=luge_module_unregister");
  return there ? "" : missing(file);
}

} // namespace luge
