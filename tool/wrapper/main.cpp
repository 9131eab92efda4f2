// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// luge-cc and luge-c++: any compiler with Luge's plugin. Adds the plugin where something is
// compiled and the runtime where something is linked, hands everything else through and becomes
// the compiler (exec), so that probes, response files and exit statuses are the compiler's own.
//
//   LUGE_CC       the compiler, with leading words such as ccache (default cc)
//   LUGE_CXX      the same for luge-c++ (default: LUGE_CC's C++ driver, c++)
//   LUGE_OFF=1    the compiler as it is
//   LUGE_RUNTIME  none | static | shared (default)
//   --luge-KEY=VALUE  options of the plugin; --luge-help lists them
//
// The options go to the plugin on the command line, not through LUGE_PLUGIN: there compiler
// caches and distributed compilers see them, and globs may have spaces.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "sled/options.h"
#include "tool/toolchain.h"
#include "tool/wrapper/command_line.h"
#include "tool/wrapper/linking.h"

using namespace luge;

namespace {

using Words = std::vector<std::string>;
std::string self; // luge-cc or luge-c++

[[noreturn]] void stop(int status, const std::string &text) {
  std::fprintf(stderr, "%s: %s\n", self.c_str(), text.c_str());
  std::exit(status);
}

std::string environment(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

Words split(const std::string &text) {
  Words out;
  for (size_t i = 0; (i = text.find_first_not_of(" \t", i)) != text.npos;) {
    size_t end = std::min(text.find_first_of(" \t", i), text.size());
    out.push_back(text.substr(i, end - i));
    i = end;
  }
  return out;
}

bool is_launcher(const std::string &word) {
  std::string base = word.substr(word.rfind('/') + 1);
  for (const char *l : {"ccache", "sccache", "distcc", "icecc", "buildcache", "pump"})
    if (base == l)
      return true;
  return false;
}

size_t compiler_index(const Words &words) {
  size_t i = 0;
  while (i + 1 < words.size() && is_launcher(words[i]))
    ++i;
  return i;
}

// clang-19 -> clang++-19, x86_64-linux-gnu-gcc-12 -> x86_64-linux-gnu-g++-12, cc -> c++.
bool make_cxx_driver(std::string &word) {
  size_t base = word.rfind('/') + 1;
  const char *const pairs[][2] = {{"clang", "clang++"}, {"gcc", "g++"}, {"cc", "c++"}};
  for (auto &[c, cxx] : pairs)
    if (size_t at = word.rfind(c);
        at != word.npos && (at == base || (at > base && word[at - 1] == '-'))) {
      if (word.find("++", base) == word.npos)
        word.replace(at, std::strlen(c), cxx);
      return true;
    }
  return word.find("++", base) != word.npos;
}

Words compiler_words(bool cxx) {
  std::string c = environment("LUGE_CC");
  if (!cxx)
    return split(c.find_first_not_of(" \t") == c.npos ? "cc" : c);
  std::string named = environment("LUGE_CXX");
  Words words = split(named.find_first_not_of(" \t") == named.npos ? c : named);
  if (words.empty())
    return {"c++"};
  if (named.empty() && !make_cxx_driver(words[compiler_index(words)]))
    stop(2, "LUGE_CC=" + c + ": no C++ driver known for it; set LUGE_CXX");
  return words;
}

bool same_file(const std::string &a, const std::string &b) {
  struct stat x, y;
  return stat(a.c_str(), &x) == 0 && stat(b.c_str(), &y) == 0 && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

[[noreturn]] void become(const Words &words) {
  std::vector<char *> argv;
  for (const std::string &w : words)
    argv.push_back(const_cast<char *>(w.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  stop(errno == ENOENT ? 127 : 126, words[0] + ": " + std::strerror(errno));
}

void print_help() {
  std::printf("%s [--luge-KEY=VALUE]... COMPILER-ARGUMENTS\n"
              "Runs LUGE_CC (default cc) with Luge's plugin and runtime.\n\n"
              "Environment: LUGE_CC, LUGE_CXX, LUGE_OFF=1, LUGE_RUNTIME=none|static|shared,\n"
              "LUGE_PLUGIN='KEY=VALUE ...' (as --luge-KEY=VALUE, read first)\n\n"
              "Options (--luge-KEY=VALUE; %s begins with flavour=toggle):\n",
              self.c_str(), self.c_str());
  for (const OptionHelp &o : option_help())
    std::printf("  %-13s %s%s%s%s\n", o.key, o.help, *o.by_default ? " [" : "", o.by_default,
                *o.by_default ? "]" : "");
}

// Takes --luge-KEY=VALUE out of the arguments: "KEY=VALUE", checked.
Words take_options(Words &arguments) {
  Words options, rest;
  Options parsed;
  for (const std::string &a : arguments) {
    if (!a.starts_with("--luge-")) {
      rest.push_back(a);
      continue;
    }
    std::string text = a.substr(7);
    if (text == "help") {
      print_help();
      std::exit(0);
    }
    size_t eq = std::min(text.find('='), text.size());
    std::string value = eq < text.size() ? text.substr(eq + 1) : "";
    if (auto wrong = set_option(parsed, text.substr(0, eq), value))
      stop(2, *wrong);
    options.push_back(text);
  }
  arguments = rest;
  return options;
}

bool names_flavour(const Words &options) {
  for (const std::string &o : options)
    if (o.starts_with("flavour="))
      return true;
  return false;
}

RuntimeLink runtime_link() {
  std::string text = environment("LUGE_RUNTIME");
  if (text.empty() || text == "shared")
    return RuntimeLink::Shared;
  if (text == "static")
    return RuntimeLink::Static;
  if (text != "none")
    stop(2, "LUGE_RUNTIME=" + text + ": want none, static or shared");
  return RuntimeLink::None;
}

// The plugin on a compilation. -Xclang: where a clang only assembles or links, nobody reads it.
void add_plugin(Words &out, CompilerKind kind, const std::string &plugin, const Words &options) {
  out.push_back("-fplugin=" + plugin);
  for (const std::string &o : options)
    if (kind == CompilerKind::Gcc)
      out.push_back("-fplugin-arg-luge-" + o);
    else
      out.insert(out.end(), {"-Xclang", "-mllvm", "-Xclang", "-luge-" + o});
}

// The runtime is for this machine: a program for another has its sleds, and runs without it.
bool foreign_target(const CommandLine &line, const Compiler &compiler) {
  if (line.word_size == "-m32" || line.word_size == "-mx32")
    return true;
  const std::string &target = line.target.empty() ? compiler.target : line.target;
  return !target.empty() && !is_this_machine(target);
}

void add_linking(Words &out, const CommandLine &line, const Compiler &compiler,
                 const std::string &plugin) {
  Linker linker = find_linker(line);
  if (linker == Linker::Bfd)
    out.push_back("-Wl,-z,start-stop-gc");
  if (compiler.kind == CompilerKind::Clang) {
    if (line.lto && linker != Linker::Lld)
      stop(1, "LTO by " + compiler_text(compiler) +
                  " needs lld, which can load the plugin; add -fuse-ld=lld");
    // clang 14 and 16 of Debian take the first ld.lld of PATH, which cannot load the plugin of another LLVM.
    bool own = line.linker == "lld" && has_own_lld(compiler);
    if (own)
      out.push_back("--ld-path=" + compiler.directory + "/ld.lld");
    // Each unit carries the options that it was compiled with.
    if (linker == Linker::Lld && (line.lto || own))
      out.insert(out.end(), {"-Xlinker", "-mllvm", "-Xlinker", "-load=" + plugin});
  }
  RuntimeLink runtime = foreign_target(line, compiler) ? RuntimeLink::None : runtime_link();
  std::string wrong = add_runtime(out, line, runtime, library_directory());
  if (!wrong.empty())
    stop(1, wrong);
}

// Puts plugin and runtime onto the compiler's arguments.
void add_luge(Words &arguments, const CommandLine &line, const std::string &word, Words options) {
  std::optional<std::string> path = find_program(word);
  if (!path)
    stop(127, word + ": no such compiler; set LUGE_CC or LUGE_CXX");
  if (same_file(*path, "/proc/self/exe")) // a directory of cc, gcc, ... that lead here
    stop(2, word + " is " + self + " itself; set LUGE_CC to the compiler");
  Compiler compiler = identify_compiler(*path);
  std::string plugin = plugin_file(library_directory(), plugin_name(compiler));
  if (compiler.kind == CompilerKind::Unknown || access(plugin.c_str(), R_OK) != 0)
    stop(1, no_plugin_text(compiler_text(compiler), library_directory()));
  // LUGE_PLUGIN is read before the command line: do not undo a flavour that it names.
  if (!names_flavour(options) && !names_flavour(split(environment("LUGE_PLUGIN"))))
    options.insert(options.begin(), "flavour=toggle");
  Words before, after;
  if (line.compiles || (line.links && compiler.kind == CompilerKind::Gcc)) // gcc: LTO
    add_plugin(before, compiler.kind, plugin, options);
  if (line.links)
    add_linking(after, line, compiler, plugin);
  if (line.relocates && find_linker(line) == Linker::Bfd) // each function's own tables, so that none keeps all
    for (const char *table : {"luge_sites", "luge_names", "__patchable_function_entries"})
      after.push_back(std::string("-Wl,--unique=") + table);
  arguments.insert(arguments.begin() + static_cast<ptrdiff_t>(line.terminator), after.begin(),
                   after.end());
  arguments.insert(arguments.begin(), before.begin(), before.end());
}

bool is_off() {
  std::string off = environment("LUGE_OFF");
  return !off.empty() && off != "0";
}

} // namespace

int main(int argc, char **argv) {
  std::string name = argc > 0 ? argv[0] : "luge-cc";
  self = name.substr(name.rfind('/') + 1);
  Words command = compiler_words(self.ends_with("++"));
  Words arguments(argv + 1, argv + argc);
  Words options = take_options(arguments);
  CommandLine line = read_command_line(arguments);
  if (!is_off() && !line.query && (line.compiles || line.links || line.relocates))
    add_luge(arguments, line, command[compiler_index(command)], options);
  command.insert(command.end(), arguments.begin(), arguments.end());
  become(command);
}
