// SPDX-License-Identifier: GPL-3.0-or-later
// s390x. No landing pads, but -mhotpatch's NOPs behind the label are insns of
// the machine reorg pass; they keep their place, since what patches them goes
// by the label. Those before the label stand directly before it, where a prefix
// would be.
// GCC internals: config/s390/s390.cc (s390_reorg, s390_asm_output_function_label,
// s390_option_override).
#define IN_TARGET_CODE 1 // as the files of GCC's back ends: call_used_regs

#include "machine.h"

#include "insn-codes.h"
#include "opts.h"

#include "arch/s390x/layout.h"

namespace luge::machine {
namespace {

constexpr unsigned r0 = 0, r1 = 1, r14 = 14; // hard register numbers

bool is_hotpatch_nop(rtx_insn *insn) {
  if (!NONJUMP_INSN_P(insn))
    return false;
  switch (recog_memoized(insn)) {
  case CODE_FOR_nop_2_byte:
  case CODE_FOR_nop_4_byte:
  case CODE_FOR_nop_6_byte:
    return true;
  default:
    return false;
  }
}

// Halfwords before and behind the label that -mhotpatch=A,B or the attribute asks for.
struct Hotpatch {
  unsigned before = 0, behind = 0;
};

Hotpatch hotpatch(tree decl) {
  Hotpatch h;
  if (tree attribute = lookup_attribute("hotpatch", DECL_ATTRIBUTES(decl))) {
    tree values = TREE_VALUE(attribute);
    h.before = unsigned(tree_to_uhwi(TREE_VALUE(values)));
    h.behind = unsigned(tree_to_uhwi(TREE_VALUE(TREE_CHAIN(values))));
    return h;
  }
  auto *options = static_cast<vec<cl_deferred_option> *>(s390_deferred_options);
  for (unsigned i = 0; options && i < options->length(); ++i)
    if ((*options)[i].opt_index == OPT_mhotpatch_) {
      char *rest = nullptr;
      h.before = unsigned(strtoul((*options)[i].arg, &rest, 10));
      h.behind = *rest ? unsigned(strtoul(rest + 1, nullptr, 10)) : 0;
    }
  return h;
}

} // namespace

const Layout &layout() { return s390x; }

const unsigned stack_alignment = 64;

std::optional<std::string> unsupported() {
  if (TARGET_64BIT)
    return {};
  return "-m31: this plugin makes sleds for s390x (-m64) only; compile this file without the plugin";
}

std::optional<std::string> unusable_register() {
  for (unsigned r : {r0, r1, r14})
    if (fixed_regs[r] || global_regs[r] || (r != r14 && !call_used_regs[r]))
      return "register r" + std::to_string(r) +
             " is reserved (-ffixed, -fcall-saved or a global register variable), but the stub "
             "of a sled needs it; use flavour=nop stub=no";
  return {};
}

rtx_insn *landing_pad(rtx_insn *first) {
  rtx_insn *last = nullptr;
  for (rtx_insn *insn = first; insn; insn = NEXT_INSN(insn)) {
    if (NOTE_P(insn))
      continue;
    if (!is_hotpatch_nop(insn))
      break;
    last = insn;
  }
  return last;
}

bool mcount_behind_prologue() { return false; }

bool needs_alternate_stub(rtx) { return false; } // the target, in r1, is kept by the stub

bool place_before_local_entry(tree decl, const Options &, const Nops &, const std::string &) {
  Hotpatch h = hotpatch(decl);
  if (h.before)
    error_at(DECL_SOURCE_LOCATION(decl),
             "luge: %qD: the prefix of %<nops=N,M%> and %<hotpatch%> with NOPs before the "
             "label want the same place; leave one of them out",
             decl);
  // GCC aligns between the prefix and the label of such a function: let it be aligned already.
  if (h.before + h.behind && DECL_ALIGN(decl) < 64)
    SET_DECL_ALIGN(decl, 64);
  return false;
}

} // namespace luge::machine
