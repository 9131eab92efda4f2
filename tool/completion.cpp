// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Completion scripts, generated from the same option tables that parse the command line.
#include "tool/command_line.h"

#include <fmt/format.h>

namespace luge {
namespace {

std::string option_words(const CLI::App &app) {
  std::string out;
  for (const CLI::Option *o : app.get_options()) {
    for (const std::string &name : o->get_lnames())
      out += " --" + name;
    for (const std::string &name : o->get_snames())
      out += " -" + name;
  }
  return out.empty() ? out : out.substr(1);
}

std::string bash_script(const CLI::App &app) {
  std::string names, cases;
  for (const CLI::App *sub : app.get_subcommands({})) {
    names += (names.empty() ? "" : " ") + sub->get_name();
    cases += fmt::format("    {}) words=\"{}\" ;;\n", sub->get_name(), option_words(*sub));
  }
  return fmt::format(R"(# bash completion for luge: source it, or put it in /etc/bash_completion.d
_luge() {{
  local cur="${{COMP_WORDS[COMP_CWORD]}}" words="" command="" w
  for w in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$w" in -*) ;; *) command="$w"; break ;; esac
  done
  case "$command" in
{}    "") words="{} {}" ;;
  esac
  if [[ -z "$command" || "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}}
complete -o filenames -F _luge luge
)",
                     cases, names, option_words(app));
}

// In a zsh spec, ':' and ']' and '\'' end a field.
std::string zsh_text(const std::string &text) {
  std::string out;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\')
      out += '\\';
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out;
}

std::string zsh_options(const CLI::App &app, const char *indent) {
  std::string out;
  for (const CLI::Option *o : app.get_options()) {
    std::string help = zsh_text(o->get_description().substr(0, o->get_description().find('\n')));
    const char *value = o->get_items_expected_max() > 0 ? ":value:_files" : "";
    for (const std::string &name : o->get_lnames())
      out += fmt::format("{}'*--{}[{}]{}' \\\n", indent, name, help, value);
    for (const std::string &name : o->get_snames())
      out += fmt::format("{}'*-{}[{}]{}' \\\n", indent, name, help, value);
  }
  return out;
}

std::string zsh_script(const CLI::App &app) {
  std::string names, cases;
  for (const CLI::App *sub : app.get_subcommands({})) {
    names += fmt::format("    '{}:{}'\n", sub->get_name(), zsh_text(sub->get_description()));
    cases += fmt::format("    {})\n      _arguments \\\n{}        '*:file:_files' ;;\n",
                         sub->get_name(), zsh_options(*sub, "        "));
  }
  return fmt::format(R"(#compdef luge
_luge() {{
  local -a commands
  commands=(
{}  )
  local context state line
  _arguments -C \
{}    '1: :->command' '*:: :->rest'
  case "$state" in
  command) _describe command commands ;;
  rest)
    case "$words[1]" in
{}    esac ;;
  esac
}}
_luge "$@"
)",
                     names, zsh_options(app, "    "), cases);
}

} // namespace

std::string completion_script(const CLI::App &app, std::string_view shell) {
  return shell == "zsh" ? zsh_script(app) : bash_script(app);
}

} // namespace luge
