// SPDX-License-Identifier: GPL-3.0-or-later
// Placement of the sleds. For every function that reaches RTL, in this order:
//
//   luge_gimple   behind "optimized", the last pass on GIMPLE: facts that are gone afterwards
//   luge_take     behind "expand": takes over crtl->patch_area_*, so that no back-end pass and no
//                 printer emits the stock NOPs as well
//   luge_sled     before "shorten" (arm: "*free_cfg"), behind the back end's landing pad pass: decides, puts the
//                 sled behind the landing pad and those of the exits (exits.h), asks for the hook
//   (the hook)    print_patchable_function_entry, from assemble_start_function: once before the
//                 label if there is a prefix, once right behind it
//   luge_tail     behind "final": stub, slot and records
//
// Surprises:
// * assemble_start_function calls the hook from crtl->patch_area_* alone, but x86's
//   x86_function_profiler reads the same fields again: zero them in the second call.
// * The sled is an ASM_INPUT, printed as it is; the length of asm text is taken from its lines.
// * A function's own constructor list entry may follow its text, so luge_tail must switch back
//   to the function's section, which it does through GCC, never by text of its own.
// * Two IPA facts about a finished function let its callers break the calling convention at the
//   sled: the registers that it does not touch (-fipa-ra) and the stack alignment that it does
//   not need (-fipa-stack-alignment). luge_tail withdraws both for functions with a sled, and
//   for no other: a function with a sled still profits from callees without.
#include "placement.h"

#include "exits.h"
#include "facts.h"
#include "machine.h"
#include "sled/policy.h"
#include "sled/text.h"

namespace luge {

namespace {

struct Current {
  tree decl = NULL_TREE; // of the function between luge_take and luge_tail
  GimpleFacts gimple;
  std::optional<Nops> nops;
  std::optional<SledRequest> request; // if it has a sled
  std::vector<SledRequest> exits;
  bool has_prefix = false, prefix_printed = false;

  SledText text() const { return SledText(*request); }
};

struct Unit {
  const Options *options = nullptr;
  unsigned last_id = 0;
  bool has_sites = false; // luge_sites was written: register it
  bool report_failed = false;
  std::map<section *, std::string> link_labels;
  std::set<section *> stub_frames; // text sections whose stubs have a frame description
  Current current;
} unit;

void (*stock_hook)(FILE *, unsigned HOST_WIDE_INT, bool);

// Bytes to which GCC aligns DECL (assemble_start_function).
unsigned function_alignment(tree decl) {
  unsigned bytes = DECL_ALIGN(decl) / BITS_PER_UNIT;
  if (!DECL_USER_ALIGN(decl) && optimize_function_for_speed_p(cfun))
    bytes = MAX(bytes, compat::align_functions_bytes());
  return bytes;
}

// NOPs before the label would move it off its alignment: pad before them.
std::string prefix_with_padding(const Current &c) {
  std::string prefix = c.text().prefix();
  unsigned alignment = function_alignment(c.decl), unit = machine::layout().nop_unit;
  unsigned padding = -(c.request->prefix_nops * unit) & (alignment - 1); // bytes
  if (!padding)
    return prefix;
  return "\t.balign " + std::to_string(alignment) + "\n" +
         arch_of(machine::layout()).prefix_nops(padding / unit) + prefix;
}

std::string mark(const Current &c) {
  unsigned behind = machine::bytes_behind_label(c.decl);
  if (!behind)
    return c.text().mark();
  return "\t.set " + c.text().function_label() + ", . - " + std::to_string(behind) + "\n";
}

void hook(FILE *file, unsigned HOST_WIDE_INT size, bool record) {
  Current &c = unit.current;
  if (!c.request || c.decl != current_function_decl) {
    stock_hook(file, size, record);
    return;
  }
  if (c.has_prefix && !c.prefix_printed) {
    fputs(prefix_with_padding(c).c_str(), file);
    c.prefix_printed = true;
    return;
  }
  fputs(mark(c).c_str(), file);
  crtl->patch_area_size = crtl->patch_area_entry = 0;
}

// Whether the function has unwind tables that are right at every instruction.
bool has_asynchronous_table() {
  return flag_asynchronous_unwind_tables && dwarf2out_do_eh_frame();
}

// Whether the function's own FDE describes its stubs, as 4 bytes of it instead of 28 for another. A section
// that is the function's alone: elsewhere one FDE does for all, which stand behind all code. Not with a table of call
// sites, which would not know the stub, so that an exception out of a signal handler there would end the program.
bool describes_its_stubs(tree decl) {
  return has_asynchronous_table() && dwarf2out_do_cfi_asm() && !crtl->uses_eh_lsda && !crtl->has_bb_partition &&
         (flag_function_sections || DECL_COMDAT_GROUP(decl)) &&
         (!DECL_SECTION_NAME(decl) || symtab_node::get(decl)->implicit_section);
}

SledRequest make_request(const FunctionFacts &facts, const Decision &decision) {
  SledRequest r;
  r.layout = &machine::layout();
  r.flavour = decision.flavour;
  r.nops = decision.nops.total;
  r.prefix_nops = decision.nops.prefix;
  r.stub = decision.stub;
  r.entries = decision.entries;
  r.id = ++unit.last_id;
  r.second_set = machine::second_set(cfun);
  r.own_frame = arch_of(machine::layout()).has_stub_frame() && describes_its_stubs(cfun->decl);
  r.flags = decision.flags;
  r.stack_args = decision.stack_args;
  if (unit.options->names)
    r.name = facts.mangled;
  return r;
}

// Notes that may stand before the sled: they say nothing of the code behind them. Others begin
// an exception region, a block or a line of the body.
bool stands_before_sled(rtx_insn *insn) {
  if (!NOTE_P(insn))
    return false;
  switch (NOTE_KIND(insn)) {
  case NOTE_INSN_DELETED:
  case NOTE_INSN_BASIC_BLOCK:
  case NOTE_INSN_FUNCTION_BEG:
  case NOTE_INSN_VAR_LOCATION:
    return true;
  default:
    return false;
  }
}

rtx_insn *first_insn() {
  rtx_insn *insn = get_insns();
  while (insn && (NOTE_P(insn) || DEBUG_INSN_P(insn)))
    insn = NEXT_INSN(insn);
  return insn;
}

// gas ties a .loc to the next instruction, and the sled is data to it: without this the function's
// first line would begin behind the sled. Not needed with location views, whose .loc are tied to
// the place, nor behind a landing pad. The label itself is of no use.
std::string line_entry(const Current &c) {
  if (compat::has_location_views() || DECL_IGNORED_P(c.decl) ||
      LOCATION_LINE(prologue_location) == 0)
    return "";
  return "\t.loc_mark_labels 1\n.Lluge_l" + std::to_string(c.request->id) +
         ":\n\t.loc_mark_labels 0\n";
}

void insert_sled(const Current &c) {
  rtx_insn *pad = machine::landing_pad(first_insn());
  std::string lines = (pad ? "" : line_entry(c)) + c.text().sled();
  if (machine::place_in_printed_prologue(lines))
    return;
  rtx body = text_insn(lines);
  rtx_insn *before = get_insns(), *last = get_last_insn();
  if (pad)
    before = NEXT_INSN(pad);
  while (before && stands_before_sled(before))
    before = NEXT_INSN(before);
  rtx_insn *sled = before ? emit_insn_before(body, before) : emit_insn_after(body, last);
  INSN_LOCATION(sled) = prologue_location;
}

// Those that the function's own FDE covers.
void insert_stubs(const Current &c) {
  std::string stubs = c.text().stub();
  for (const SledRequest &exit : c.exits)
    stubs += SledText(exit).stub();
  if (!stubs.empty())
    emit_insn_after(text_insn(stubs), get_last_insn());
}

// Sled in one aligned word without a NOP to get there, if the landing pad allows.
void align_function(tree decl, const SledRequest &r) {
  unsigned behind = (r.nops - r.prefix_nops) * r.layout->nop_unit;
  unsigned bytes = MAX(r.layout->sled_align, unit.options->align);
  if (r.flavour == Flavour::Nop && behind >= r.layout->patch_unit)
    bytes = MAX(bytes, r.layout->function_align);
  if (DECL_ALIGN(decl) < bytes * BITS_PER_UNIT)
    SET_DECL_ALIGN(decl, bytes * BITS_PER_UNIT);
}

void report(const FunctionFacts &facts, const Decision &decision) {
  if (unit.report_failed)
    return;
  if (auto wrong = report_decision(*unit.options, facts, decision)) {
    error_at(UNKNOWN_LOCATION, "luge: %s", wrong->c_str());
    unit.report_failed = true;
  }
}

void place(function *fun, const FunctionFacts &facts, const Decision &decision) {
  if (decision.stub)
    if (auto taken = machine::unusable_register()) {
      error_at(DECL_SOURCE_LOCATION(fun->decl), "luge: %s", taken->c_str());
      return;
    }
  Current &c = unit.current;
  c.request = make_request(facts, decision);
  std::string prefix = c.text().prefix();
  c.has_prefix = !prefix.empty() && !machine::place_before_local_entry(fun->decl, *unit.options,
                                                                       decision.nops, prefix);
  align_function(fun->decl, *c.request);
  insert_sled(c);
  if (decision.exits)
    c.exits = insert_exits(fun, *c.request, unit.last_id);
  insert_stubs(c);
  // Only "is there any": the fields have 16 bits, and the hook knows the sizes.
  crtl->patch_area_entry = c.has_prefix;
  crtl->patch_area_size = c.has_prefix + 1;
}

void withdraw_ipa_promises() {
  if (cgraph_rtl_info *info = cgraph_node::rtl_info(current_function_decl))
    SET_HARD_REG_SET(info->function_used_regs);
  // "*clean_state" makes the alignment that callers must keep from this.
  if (crtl->preferred_stack_boundary < PREFERRED_STACK_BOUNDARY)
    crtl->preferred_stack_boundary = PREFERRED_STACK_BOUNDARY;
}

const pass_data gimple_data = {GIMPLE_PASS, "luge_gimple", OPTGROUP_NONE, TV_NONE, 0, 0, 0, 0, 0};
const pass_data take_data = {RTL_PASS, "luge_take", OPTGROUP_NONE, TV_NONE, 0, 0, 0, 0, 0};
const pass_data sled_data = {RTL_PASS, "luge_sled", OPTGROUP_NONE, TV_NONE, 0, 0, 0, 0, 0};
const pass_data tail_data = {RTL_PASS, "luge_tail", OPTGROUP_NONE, TV_NONE, 0, 0, 0, 0, 0};

struct GimplePass : gimple_opt_pass {
  GimplePass() : gimple_opt_pass(gimple_data, g) {}
  unsigned execute(function *fun) override {
    unit.current = Current();
    unit.current.gimple = gimple_facts(fun);
    return 0;
  }
};

struct TakePass : rtl_opt_pass {
  TakePass() : rtl_opt_pass(take_data, g) {}
  unsigned execute(function *fun) override {
    unit.current.decl = fun->decl;
    unit.current.nops = user_nops(fun->decl);
    crtl->patch_area_size = crtl->patch_area_entry = 0;
    return 0;
  }
};

struct SledPass : rtl_opt_pass {
  SledPass() : rtl_opt_pass(sled_data, g) {}
  unsigned execute(function *fun) override {
    FunctionFacts facts = rtl_facts(fun, unit.current.gimple, unit.current.nops);
    Decision decision = decide(facts, *unit.options, machine::layout());
    report(facts, decision);
    if (decision.take)
      place(fun, facts, decision);
    return 0;
  }
};

// Records of functions in one text section link to the label of the first: one table of records
// for each text section, not one for each function.
void share_link_label(Current &c, section *text) {
  if (crtl->has_bb_partition) // the function may begin in its cold part
    return;
  std::string &label = unit.link_labels[text];
  if (label.empty())
    label = c.text().function_label();
  c.request->link_symbol = label;
  for (SledRequest &exit : c.exits)
    exit.link_symbol = label;
}

// One for all stubs of a section, behind the code of which they stand.
std::string stub_frame(const Current &c, section *text) {
  if (!has_asynchronous_table() || unit.stub_frames.count(text))
    return "";
  std::string frame = c.text().stub_frame(Frames::Section);
  if (!frame.empty())
    unit.stub_frames.insert(text);
  return frame;
}

struct TailPass : rtl_opt_pass {
  TailPass() : rtl_opt_pass(tail_data, g) {}
  unsigned execute(function *fun) override {
    Current &c = unit.current;
    if (c.request) {
      section *text = function_section(fun->decl);
      switch_to_section(text);
      share_link_label(c, text);
      fputs((c.text().ties(". - 1") + c.text().tail()).c_str(), asm_out_file);
      for (const SledRequest &exit : c.exits)
        fputs(SledText(exit).tail().c_str(), asm_out_file);
      fputs(stub_frame(c, text).c_str(), asm_out_file);
      unit.has_sites |= c.request->entries != Entries::Pfe;
      withdraw_ipa_promises();
    }
    c = Current();
    return 0;
  }
};

bool (*stock_conditional)();

// If-conversion behind register allocation puts returns and tail calls under conditions; an exit's
// sled has to stand under the same, and cannot. Elsewhere the hook asks what the target is.
bool conditional_unless_exits() {
  return stock_conditional() && !(current_pass && current_pass->name == std::string_view("ce3"));
}

void start_unit(void *, void *) {
  if (auto why = machine::unsupported())
    error_at(UNKNOWN_LOCATION, "luge: %s", why->c_str());
  machine::start_unit();
  if (unit.options->exits) {
    stock_conditional = targetm.have_conditional_execution;
    targetm.have_conditional_execution = conditional_unless_exits;
  }
  stock_hook = targetm.asm_out.print_patchable_function_entry;
  targetm.asm_out.print_patchable_function_entry = hook;
}

void finish_unit(void *, void *) {
  if (unit.has_sites && asm_out_file)
    fputs(SledText::module(machine::layout()).c_str(), asm_out_file);
}

void insert_pass(const char *plugin_name, opt_pass *pass, const char *reference,
                 pass_positioning_ops position) {
  register_pass_info info = {pass, reference, 1, position};
  register_callback(plugin_name, PLUGIN_PASS_MANAGER_SETUP, nullptr, &info);
}

} // namespace

void register_placement(const char *plugin_name, const Options &options) {
  unit.options = &options;
  register_callback(plugin_name, PLUGIN_START_UNIT, start_unit, nullptr);
  register_callback(plugin_name, PLUGIN_FINISH_UNIT, finish_unit, nullptr);
  insert_pass(plugin_name, new GimplePass, "optimized", PASS_POS_INSERT_AFTER);
  insert_pass(plugin_name, new TakePass, "expand", PASS_POS_INSERT_AFTER);
  insert_pass(plugin_name, new SledPass, machine::sleds_before(), PASS_POS_INSERT_BEFORE);
  insert_pass(plugin_name, new TailPass, "final", PASS_POS_INSERT_AFTER);
}

} // namespace luge
