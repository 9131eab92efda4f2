// SPDX-License-Identifier: GPL-3.0-or-later
// -flto: functions reach RTL, and so get their sleds, in lto1 at the link, with
// the plugin and the options of the link's command line. So both sides must
// agree, and the mark below makes every disagreement an error:
//
//   compile with, link without   the mark, a top-level asm statement in the streamed unit, is
//                                assembled at the link; `.error` unless the plugin is there,
//                                which defines the symbol that the mark asks for
//   compile without, link with   at the link every unit with a function must have a mark
//   both, other options          the symbol's name is a hash of the options (of those that decide
//                                where and which sleds are made)
//
// The mark is added when the IPA passes start, not earlier: a precompiled header replaces the
// symbol table. A unit's top-level asm is told from another's by its order number: each unit's
// numbers begin at the order_base of its file.
#include "lto.h"

#include <cinttypes>
#include <cstdio>

#include "compat.h"

#include "lto-streamer.h"

namespace luge {
namespace {

std::string mark_symbol;

const char mark_begin[] = ".ifndef .Lluge_lto_";

std::string canonical(Flavour v) { return v == Flavour::Toggle ? "toggle" : "nop"; }
std::string canonical(Choice v) { return std::to_string(static_cast<int>(v)); }
std::string canonical(Order v) { return v == Order::Local ? "local" : "split"; }
std::string canonical(Entries v) { return std::to_string(static_cast<int>(v)); }
std::string canonical(unsigned v) { return std::to_string(v); }
std::string canonical(bool v) { return v ? "on" : "off"; }
std::string canonical(const std::string &v) { return v; }
std::string canonical(const Nops &v) {
  return std::to_string(v.total) + "," + std::to_string(v.prefix);
}
std::string canonical(const std::vector<std::string> &v) {
  std::string out;
  for (const std::string &s : v)
    out += s + "\n";
  return out;
}

// FNV-1a, 64 bits.
uint64_t hash(const std::string &text) {
  uint64_t h = 0xcbf29ce484222325;
  for (unsigned char c : text)
    h = (h ^ c) * 0x100000001b3;
  return h;
}

std::string options_symbol(Options options) {
  options.report.clear(); // what is written for people decides nothing
  options.rules.clear();  // its lines are in the lists
  std::string text;
#define OPTION(field, key, type, by_default, help) text += canonical(options.field) + "\n";
#include "sled/options.def"
#undef OPTION
  char hex[17];
  snprintf(hex, sizeof hex, "%016" PRIx64, hash(text));
  return std::string(".Lluge_lto_") + hex;
}

std::string mark_text() {
  return ".ifndef " + mark_symbol +
         "\n\t.error \"luge: the LTO objects of this link were compiled with the luge plugin: "
         "give the link the same -fplugin and -fplugin-arg-luge options\"\n\t.set " +
         mark_symbol + ", 1\n\t.endif"; // said once per assembler file
}

void add_mark(void *, void *) {
  if (!flag_generate_lto || in_lto_p)
    return;
  std::string text = mark_text();
  asm_node *mark = symtab->finalize_toplevel_asm(build_string(text.size() + 1, text.c_str()));
  // Not the unit's last number: at the link, GCC 16 begins the next unit behind the last symbol,
  // and does not count asm statements.
  cgraph_node *node;
  FOR_EACH_DEFINED_FUNCTION(node)
  mark->order = MIN(mark->order, node->order);
}

// For the marks that this assembler file may contain.
void answer_marks(void *, void *) {
  if (asm_out_file && (in_lto_p || flag_lto))
    fprintf(asm_out_file, "\t.set %s, 1\n", mark_symbol.c_str());
}

struct UnitFile {
  lto_file_decl_data *file;
  bool marked = false, other_options = false, has_function = false;
};

std::vector<UnitFile> unit_files() {
  std::vector<UnitFile> units;
  for (lto_file_decl_data **f = lto_get_file_decl_data(); f && *f; ++f)
    units.push_back({*f});
  return units;
}

// Units are numbered one after another in the order in which they are read.
void look_at_asm(const asm_node &node, std::vector<UnitFile> &units) {
  const char *text = TREE_STRING_POINTER(node.asm_str);
  if (strncmp(text, mark_begin, sizeof mark_begin - 1) != 0)
    return;
  UnitFile *owner = nullptr;
  for (UnitFile &u : units)
    if (u.file->order_base <= node.order &&
        (!owner || u.file->order_base > owner->file->order_base))
      owner = &u;
  if (!owner)
    return;
  owner->marked = true;
  std::string wanted = ".ifndef " + mark_symbol + "\n";
  owner->other_options |= strncmp(text, wanted.c_str(), wanted.size()) != 0;
}

void complain(const UnitFile &unit) {
  if (unit.has_function && !unit.marked)
    error_at(UNKNOWN_LOCATION,
             "luge: %s was compiled with %<-flto%> but without the luge plugin; compile it with "
             "the %<-fplugin%> and %<-fplugin-arg-luge%> options of this link",
             unit.file->file_name);
  if (unit.other_options)
    error_at(UNKNOWN_LOCATION,
             "luge: %s was compiled with other plugin options than this link; give both the same "
             "%<-fplugin-arg-luge%> options",
             unit.file->file_name);
}

// As the reader of an IPA summary: called once, when all units are read and before they are
// merged. Later the table of units is freed memory.
void check_marks() {
  std::vector<UnitFile> units = unit_files();
  for (asm_node *node = symtab->first_asm_symbol(); node; node = compat::next_asm(node))
    look_at_asm(*node, units);
  cgraph_node *node;
  FOR_EACH_DEFINED_FUNCTION(node)
  for (UnitFile &u : units)
    if (u.file == node->lto_file_data)
      u.has_function = true;
  for (const UnitFile &u : units)
    complain(u);
}

const pass_data check_data = {IPA_PASS, "luge_lto", OPTGROUP_NONE, TV_NONE, 0, 0, 0, 0, 0};

struct CheckPass : ipa_opt_pass_d {
  CheckPass()
      : ipa_opt_pass_d(check_data, g, nullptr, nullptr, check_marks, nullptr, nullptr, nullptr, 0,
                       nullptr, nullptr) {}
  bool gate(function *) override { return in_lto_p && !flag_ltrans; }
};

} // namespace

void register_lto_checks(const char *plugin_name, const Options &options) {
  mark_symbol = options_symbol(options);
  register_callback(plugin_name, PLUGIN_START_UNIT, answer_marks, nullptr);
  register_callback(plugin_name, PLUGIN_ALL_IPA_PASSES_START, add_mark, nullptr);
  register_pass_info check = {new CheckPass, "whole-program", 1, PASS_POS_INSERT_AFTER};
  register_callback(plugin_name, PLUGIN_PASS_MANAGER_SETUP, nullptr, &check);
}

} // namespace luge
