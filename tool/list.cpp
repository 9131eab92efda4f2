// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `luge list ELF`: each site of a program or shared library, and why it is as it is.
#include <unistd.h>

#include "sled/glob.h"
#include "sled/policy.h"
#include "sled/record.h"
#include "tool/elf_sites.h"
#include "tool/names.h"
#include "tool/output.h"
#include "tool/table.h"
#include "tool/text.h"
#include "tool/trace_command.h"

namespace luge {
namespace {

struct ListOptions {
  std::string file, filter;
  bool why = false, mangled = false;
};

const char *kind_text(uint8_t kind) {
  switch (kind) {
  case LUGE_SITE_ENTRY:
    return "entry";
  case LUGE_SITE_RETURN:
    return "return";
  case LUGE_SITE_TAIL_CALL:
    return "tail";
  case LUGE_SITE_INDIRECT_TAIL_CALL:
    return "tail*";
  }
  return "?";
}

constexpr struct {
  uint8_t flag;
  const char *word, *no_exit; // no_exit: why such a function reports its entry alone
} flag_words[] = {
    {LUGE_SITE_STATIC_CHAIN, "chain", nullptr},
    {LUGE_SITE_RETURN_SEEN, "ra", "reads its return address"},
    {LUGE_SITE_RETURNS_TWICE, "twice", "returns twice, as setjmp"},
    {LUGE_SITE_CALLS_SETJMP, "setjmp", nullptr},
    {LUGE_SITE_SPECIAL_CC, "cc", "own calling convention"},
    {LUGE_SITE_UNPOPPED, "frame", nullptr},
};

std::string flags_text(const ElfSite &site) {
  std::string out;
  if (site.foreign) // nothing is known of it
    return "-";
  auto add = [&](const std::string &word) { out += (out.empty() ? "" : ",") + word; };
  for (const auto &f : flag_words)
    if (site.flags & f.flag)
      add(f.word);
  if (site.stack_args == LUGE_STACK_ARGS_UNKNOWN)
    add("stack=?");
  else if (site.stack_args)
    add(fmt::format("stack={}", site.stack_args));
  return out.empty() ? "-" : out;
}

std::string why_text(const ElfSite &site) {
  if (site.foreign && site.refused)
    return std::string("never: ") + site.refused;
  if (site.foreign)
    return site.before_main ? "entry only, prepared before main: compiled without the plugin"
                            : "entry only: compiled without the plugin";
  if (site.kind != LUGE_SITE_ENTRY)
    return "exit: for consumers of the records; tracers need none";
  if (!site.stub)
    return "never: no stub (stub=no)";
  if (!site.slot)
    return "never: its stub names no slot";
  for (const auto &f : flag_words)
    if (f.no_exit && (site.flags & f.flag))
      return std::string("entry only: ") + f.no_exit;
  if (site.stack_args == LUGE_STACK_ARGS_UNKNOWN)
    return "entry only: variadic, or stack arguments unknown";
  return "entry and exit";
}

int no_sleds(const ElfSites &elf, const ListOptions &o) {
  if (!o.why) {
    say("{} has no sleds: build it with luge-cc, or luge list --why {}", o.file, o.file);
    return kFailure;
  }
  std::string why =
      elf.section ? "its luge_sites section is empty" : "it has no luge_sites section";
  if (!elf.compiler.empty())
    why += "; compiled by " + printable(elf.compiler);
  say("{} has no sleds: {}; build it with luge-cc", o.file, why);
  return kFailure;
}

int list(const ListOptions &o) {
  std::string error;
  std::optional<ElfSites> elf = read_elf_sites(o.file, error);
  if (!elf) {
    say("{}", error);
    return kFailure;
  }
  for (const std::string &warning : elf->warnings)
    note("{}: {}", o.file, warning);
  if (elf->sites.empty())
    return no_sleds(*elf, o);
  Table table;
  for (const char *title : {"ADDRESS", "FLAVOUR", "KIND", "PREFIX", "FLAGS"})
    table.column(title);
  if (o.why)
    table.column("TRACED");
  table.column("FUNCTION");
  size_t shown = 0;
  for (const ElfSite &site : elf->sites) {
    std::string name = demangle(site.name);
    if (!o.filter.empty() && !name_match(o.filter, site.name, name))
      continue;
    if (o.mangled)
      name = site.name;
    std::vector<std::string> row = {
        fmt::format("{:08x}", site.function),
        site.foreign ? "foreign" : site.flags & LUGE_SITE_TOGGLE ? "toggle" : "nop",
        kind_text(site.kind), std::to_string(site.prefix), flags_text(site)};
    if (o.why)
      row.push_back(why_text(site));
    row.push_back(name.empty() ? "?" : printable(name));
    table.row(std::move(row));
    ++shown;
  }
  if (!shown) {
    say("no function matches '{}' ({} known)", o.filter, with_commas(elf->sites.size()));
    return kFailure;
  }
  Output out(STDOUT_FILENO);
  out.print("# {}: {} sites", printable(o.file), with_commas(elf->sites.size()));
  if (!elf->compiler.empty())
    out.print(", {}", printable(elf->compiler));
  if (!elf->build_id.empty())
    out.print(", build-id {}", hex(elf->build_id));
  out.write("\n");
  table.print(out);
  return finish_output(out, "standard output");
}

} // namespace

CommandRun register_list(CLI::App &app) {
  auto o = std::make_shared<ListOptions>();
  app.add_option("ELF", o->file, "program or shared library")->required()->type_name("");
  app.add_option("-F,--filter", o->filter, "only functions that match this glob")
      ->type_name("GLOB");
  app.add_flag("--why", o->why,
               "what can be traced at each site and why not more, or why there is none");
  app.add_flag("--mangled", o->mangled, "names as in the symbol table");
  app.footer(
      "FLAGS: chain static chain live; ra looks at its return address; twice returns twice;\n"
      "setjmp calls it; cc own calling convention; stack=N words of stack arguments.\n"
      "Examples:\n"
      "  luge list ./app\n"
      "  luge list --why -F '*printf*' ./app");
  return [o] { return list(*o); };
}

} // namespace luge
