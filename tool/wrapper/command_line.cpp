// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tables are those of gcc's and clang's drivers: gcc/gcc.cc (default_compilers),
// clang/lib/Driver/Types.cpp, and the options of both manuals that take a separate value.
#include "tool/wrapper/command_line.h"

#include <cctype>
#include <fstream>
#include <iterator>
#include <string_view>

namespace luge {
namespace {

constexpr unsigned kMaxResponseDepth = 16;

bool one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  for (std::string_view w : list)
    if (w == word)
      return true;
  return false;
}

bool takes_value(std::string_view a) {
  return one_of(a, {"-o",
                    "-x",
                    "-I",
                    "-L",
                    "-D",
                    "-U",
                    "-B",
                    "-F",
                    "-G",
                    "-T",
                    "-A",
                    "-e",
                    "-h",
                    "-l",
                    "-u",
                    "-z",
                    "-R",
                    "-b",
                    "-V",
                    "-J",
                    "-MF",
                    "-MT",
                    "-MQ",
                    "-MJ",
                    "-Xlinker",
                    "-Xassembler",
                    "-Xpreprocessor",
                    "-Xclang",
                    "-mllvm",
                    "-mmlir",
                    "-Xanalyzer",
                    "-Xopenmp-target",
                    "-Xcuda-ptxas",
                    "-Xcuda-fatbinary",
                    "-include",
                    "-imacros",
                    "-isystem",
                    "-iquote",
                    "-idirafter",
                    "-iprefix",
                    "-iwithprefix",
                    "-iwithprefixbefore",
                    "-isysroot",
                    "-imultilib",
                    "-imultiarch",
                    "-imultilib",
                    "-ivfsoverlay",
                    "-include-pch",
                    "-isystem-after",
                    "-iframework",
                    "-cxx-isystem",
                    "-stdlib++-isystem",
                    "-c-isystem",
                    "-arch",
                    "-target",
                    "-gcc-toolchain",
                    "-aux-info",
                    "-dumpbase",
                    "-dumpbase-ext",
                    "-dumpdir",
                    "-wrapper",
                    "-specs",
                    "-framework",
                    "-install_name",
                    "-rpath",
                    "-undefined",
                    "-working-directory",
                    "-serialize-diagnostics",
                    "-dependency-file",
                    "-entry",
                    "-main-file-name",
                    "-Tbss",
                    "-Tdata",
                    "-Ttext",
                    "-fmodule-implementation-of",
                    "--param",
                    "--sysroot",
                    "--config",
                    "--output",
                    "--language",
                    "--include",
                    "--define-macro",
                    "--undefine-macro",
                    "--include-directory",
                    "--library-directory",
                    "--assert",
                    "--entry",
                    "--force-link",
                    "--prefix",
                    "--for-linker",
                    "--for-assembler",
                    "--specs",
                    "--dumpbase",
                    "--dumpdir",
                    "--target-directory"});
}

bool is_query(std::string_view a) {
  return one_of(a, {"--version", "--help", "-help", "--target-help", "-cc1", "-cc1as",
                    "-cc1gen-reproducer", "-dumpversion", "-dumpmachine", "-dumpspecs",
                    "-dumpfullversion", "--autocomplete"}) ||
         a.starts_with("-print-") || a.starts_with("--print-") || a.starts_with("--help=") ||
         a.starts_with("--autocomplete=") || a.starts_with("-dumpversion");
}

enum class Input { Linker, Assembler, Source, Header }; // Header: to be precompiled

Input input_by_name(std::string_view name) {
  size_t dot = name.rfind('.');
  if (dot == name.npos || name.find('/', dot) != name.npos)
    return Input::Linker;
  std::string_view ext = name.substr(dot + 1);
  if (one_of(ext, {"s", "S", "sx", "asm"}))
    return Input::Assembler;
  if (one_of(ext, {"h", "H", "hh", "hp", "hxx", "hpp", "HPP", "h++", "tcc"}))
    return Input::Header;
  bool source =
      one_of(ext, {"c",   "i",   "ii",   "cc",  "cp",   "cxx",  "cpp", "CPP", "c++",     "C",
                   "m",   "mi",  "mm",   "M",   "mii",  "f",    "for", "ftn", "F",       "FOR",
                   "FTN", "fpp", "FPP",  "f90", "F90",  "f95",  "F95", "f03", "F03",     "f08",
                   "F08", "ads", "adb",  "d",   "dd",   "di",   "go",  "bc",  "ll",      "cl",
                   "cu",  "hip", "cppm", "ccm", "cxxm", "c++m", "ixx", "mod", "modula-2"});
  return source ? Input::Source : Input::Linker;
}

// What -x says; nothing decided for "none".
class Language {
public:
  void set(std::string_view name) {
    given = name != "none";
    kind = name.starts_with("assembler")                                 ? Input::Assembler
           : name.ends_with("-header") || name.ends_with("-header-unit") ? Input::Header
                                                                         : Input::Source;
  }
  Input of(std::string_view input) const {
    if (given)
      return kind;
    return input == "-" ? Input::Source : input_by_name(input);
  }

private:
  bool given = false;
  Input kind = Input::Source;
};

// The quoting of libiberty's buildargv(), which gcc, clang and binutils share.
std::vector<std::string> split_response(const std::string &text) {
  std::vector<std::string> out;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
      in_word = true;
    } else if (quote) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (std::isspace(static_cast<unsigned char>(c))) {
      if (in_word)
        out.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word)
    out.push_back(std::move(word));
  return out;
}

void expand_into(std::vector<std::string> &out, const std::string &argument, unsigned depth) {
  if (argument.size() > 1 && argument[0] == '@' && depth < kMaxResponseDepth)
    if (std::ifstream in(argument.substr(1), std::ios::binary); in) {
      std::string text((std::istreambuf_iterator<char>(in)), {});
      for (const std::string &word : split_response(text))
        expand_into(out, word, depth + 1);
      return;
    }
  out.push_back(argument); // a name that begins with @, as the drivers take it
}

class Reader {
public:
  CommandLine read(const std::vector<std::string> &words) {
    for (size_t i = 0; i < words.size(); ++i) {
      const std::string &a = words[i];
      if (options_ended || a == "-" || a.empty() || a[0] != '-')
        input(a);
      else if (a == "--")
        options_ended = true;
      else if (takes_value(a) && i + 1 < words.size())
        option_with_value(a, words[++i]);
      else
        option(a);
    }
    out.compiles = has_source && stop != Stop::Preprocess;
    bool linker = out.links && stop == Stop::Link;
    out.links = linker && !relocatable;
    out.relocates = linker && relocatable;
    return out;
  }

private:
  enum class Stop { Link, Object, Preprocess };

  void input(const std::string &name) {
    Input kind = language.of(name);
    out.links = out.links || kind != Input::Header;
    has_source = has_source || kind == Input::Source || kind == Input::Header;
  }

  void stop_at(Stop s) { stop = stop == Stop::Preprocess ? stop : s; }

  void option_with_value(const std::string &name, const std::string &value) {
    if (name == "-x" || name == "--language")
      language.set(value);
    else if (name == "-B" || name == "--prefix")
      out.prefixes.push_back(value);
    else if (name == "-l")
      out.links = true;
    else if (name == "-Xlinker")
      linker_option(value);
    else if (name == "-target")
      out.target = value;
  }

  void linker_option(std::string_view a) {
    if (one_of(a, {"-r", "-i", "--relocatable", "-relocatable", "-Ur"}))
      relocatable = true;
    else if (one_of(a, {"-shared", "--shared", "-Bshareable"}))
      out.shared = true;
  }

  void linker_options(std::string_view list) { // of -Wl,a,b
    while (!list.empty()) {
      size_t comma = std::min(list.find(','), list.size());
      linker_option(list.substr(0, comma));
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }

  void option(const std::string &a) {
    std::string_view v = a;
    if (is_query(v))
      out.query = true;
    else if (one_of(v, {"-E", "-M", "-MM", "-fsyntax-only", "--preprocess", "--dependencies",
                        "--user-dependencies", "--precompile"}))
      stop_at(v == "--precompile" ? Stop::Object : Stop::Preprocess);
    else if (one_of(v, {"-c", "-S", "--compile", "--assemble", "-emit-ast"}))
      stop_at(Stop::Object);
    else if (one_of(v, {"-r", "--relocatable"}))
      relocatable = true;
    else if (one_of(v, {"-shared", "--shared"}))
      out.shared = true;
    else if (one_of(v, {"-static", "--static", "-static-pie", "--static-pie"}))
      out.is_static = true;
    else if (one_of(v, {"-nostdlib", "--no-standard-libraries", "-nodefaultlibs"}))
      out.no_libraries = true;
    else if (v == "-flto" || v.starts_with("-flto="))
      out.lto = v != "-flto=none";
    else if (v == "-fno-lto")
      out.lto = false;
    else if (v.starts_with("-fuse-ld="))
      out.linker = a.substr(9);
    else if (v.starts_with("--ld-path="))
      out.linker = a.substr(10);
    else if (v.starts_with("-Wl,"))
      linker_options(v.substr(4));
    else if (v.starts_with("-x"))
      language.set(v.substr(2));
    else if (v.starts_with("--language="))
      language.set(v.substr(11));
    else if (v.starts_with("--target="))
      out.target = a.substr(9);
    else if (one_of(v, {"-m32", "-m64", "-mx32"}))
      out.word_size = a;
    else if (v.starts_with("-B"))
      out.prefixes.push_back(a.substr(2));
    else if (v.starts_with("-l"))
      out.links = true;
  }

  CommandLine out;
  Language language;
  Stop stop = Stop::Link;
  bool options_ended = false, has_source = false, relocatable = false;
};

} // namespace

CommandLine read_command_line(const std::vector<std::string> &arguments) {
  std::vector<std::string> words;
  for (const std::string &a : arguments)
    expand_into(words, a, 0);
  CommandLine out = Reader().read(words);
  out.terminator = arguments.size();
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i] == "--") {
      out.terminator = i;
      break;
    }
  return out;
}

} // namespace luge
