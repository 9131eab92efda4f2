// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/command_line.h"

#include <algorithm>
#include <map>

#include "tool/closest.h"
#include "tool/command.h"

namespace luge {
namespace {

const CommandEntry commands[] = {
#define COMMAND(name, function, help) {name, function, help},
#include "tool/commands.def"
#undef COMMAND
    {nullptr, nullptr, nullptr},
};

// The words of a parse error, in our manner: what was given and where help is.
int usage_error(const CLI::App &app, const CLI::App *command, const std::vector<std::string> &args,
                const CLI::ParseError &e) {
  std::string help = command ? fmt::format("luge {} --help", command->get_name()) : "luge --help";
  std::string thing = command ? command->get_name() + ": " : "";
  std::string what = e.what();
  if (dynamic_cast<const CLI::ExtrasError *>(&e)) {
    const CLI::App &known = command ? *command : app;
    std::vector<std::string> extra = known.remaining(true), options;
    std::string word = extra.empty() ? args.front() : extra.front();
    for (const CLI::Option *o : known.get_options())
      for (const std::string &name : o->get_lnames())
        options.push_back("--" + name);
    std::vector<std::string> near;
    if (word.starts_with("--"))
      near = closest(word, options);
    what = fmt::format("{} '{}'", word.starts_with("-") ? "unknown option" : "unexpected", word);
    if (!near.empty())
      what += fmt::format(". Did you mean '{}'?", near.front());
  }
  say("{}{}; see {}", thing, what, help);
  return kUsage;
}

int unknown_command(const std::string &word) {
  std::vector<std::string> names;
  std::string all;
  for (const CommandEntry *c = commands; c->name; ++c) {
    names.push_back(c->name);
    all += fmt::format(" {}", c->name);
  }
  std::vector<std::string> near = closest(word, names);
  if (!near.empty())
    say("unknown command '{}'. Did you mean '{}'?", word, near.front());
  else
    say("unknown command '{}'. Commands:{}", word, all);
  return kUsage;
}

} // namespace

int run_command_line(int argc, char **argv) {
  CLI::App app("Function tracing for programs built with luge-cc.", "luge");
  bool quiet = false;
  std::string shell;
  app.add_flag("-q,--quiet", quiet, "say only what went wrong");
  app.add_option("--completion", shell, "print completion for a shell: bash or zsh")
      ->check(CLI::IsMember({"bash", "zsh"}))
      ->type_name("SHELL");
  app.set_version_flag("--version", "luge " LUGE_VERSION, "print the version");
  app.set_help_flag("-h,--help", "print this");
  app.footer("Examples:\n"
             "  luge record ./app --load big.json     run it, trace into app.luge\n"
             "  luge replay app.luge                  the calls, indented\n"
             "  luge report -s self app.luge          where the time went\n"
             "  luge COMMAND --help                   options and examples of each");
  app.require_subcommand(0, 1);
  std::map<const CLI::App *, CommandRun> run;
  for (const CommandEntry *c = commands; c->name; ++c) {
    CLI::App *sub = app.add_subcommand(c->name, c->help);
    run[sub] = c->add(*sub);
    sub->add_flag("-q,--quiet", quiet, "say only what went wrong");
  }

  std::vector<std::string> args(argv + 1, argv + argc);
  auto word = std::find_if(args.begin(), args.end(),
                           [](const std::string &a) { return !a.starts_with("-"); });
  CLI::App *command = nullptr;
  if (word != args.end() && (word == args.begin() || word[-1] != "--completion")) {
    auto named = app.get_subcommands([&](CLI::App *sub) { return sub->get_name() == *word; });
    if (named.empty())
      return unknown_command(*word);
    command = named.front();
  }
  try {
    app.parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::Success &e) {
    return app.exit(e);
  } catch (const CLI::ParseError &e) {
    return usage_error(app, command, args, e);
  }
  set_quiet(quiet);
  if (!shell.empty()) {
    fmt::print("{}", completion_script(app, shell));
    return 0;
  }
  if (!command) {
    fmt::print("{}", app.help());
    return kUsage;
  }
  return run[command]();
}

} // namespace luge
