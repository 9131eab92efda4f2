// SPDX-License-Identifier: GPL-3.0-or-later
// AArch64. BTI c is the insn `bti_c`, put first by a back-end pass before
// "shorten", but not in front of paciasp, which is a landing pad as well: there
// one is inserted, so that the link register is unsigned in the sled.
// GCC internals: config/aarch64/aarch64-bti-insert.cc, aarch64.md.
#define IN_TARGET_CODE 1 // as the files of GCC's back ends: call_used_regs

#include "machine.h"

#include "insn-codes.h"
#include "insn-flags.h"

#include "arch/aarch64/layout.h"

namespace luge::machine {

const Layout &layout() { return aarch64; }

const unsigned stack_alignment = 128;

std::optional<std::string> unsupported() {
  if (TARGET_ILP32)
    return "-mabi=ilp32: this plugin makes sleds for aarch64 with 8-byte pointers only; compile "
           "this file without the plugin";
  if (TARGET_BIG_END)
    return "-mbig-endian: this plugin makes sleds for little-endian aarch64 only; compile this "
           "file without the plugin";
  return {};
}

std::optional<std::string> unusable_register() {
  for (unsigned r : {R9_REGNUM, R10_REGNUM})
    if (fixed_regs[r] || global_regs[r] || !call_used_regs[r])
      return "register x" + std::to_string(r - R0_REGNUM) +
             " is reserved (-ffixed, -fcall-saved or a global register variable), but the stub "
             "of a sled needs it; use flavour=nop stub=no";
  return {};
}

rtx_insn *landing_pad(rtx_insn *first) {
  if (!first || !NONJUMP_INSN_P(first))
    return nullptr;
  switch (recog_memoized(first)) {
  case CODE_FOR_bti_c:
  case CODE_FOR_bti_jc:
    return first;
  case CODE_FOR_paciasp:
  case CODE_FOR_pacibsp:
    if (LUGE_AARCH64_BTI_ENABLED() &&
        !cgraph_node::get(current_function_decl)->only_called_directly_p())
      return emit_insn_before(gen_bti_c(), first);
    return nullptr;
  default:
    return nullptr;
  }
}

// The vector PCS and SVE keep more registers than C does.
bool special_cc(function *fun) {
  return lookup_attribute("aarch64_vector_pcs", TYPE_ATTRIBUTES(TREE_TYPE(fun->decl))) != NULL_TREE;
}

bool mcount_behind_prologue() { return true; }

bool needs_alternate_stub(rtx) { return false; } // x16, x17 are not the stub's

} // namespace luge::machine
