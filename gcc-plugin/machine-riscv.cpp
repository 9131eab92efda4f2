// SPDX-License-Identifier: GPL-3.0-or-later
// RISC-V. With -msave-restore a function returns by the insn `gpr_restore`,
// printed as `tail __riscv_restore_N`, which gives back its frame as well; the
// jump behind it, gpr_restore_return, prints nothing.
// GCC internals: config/riscv/riscv.md, riscv.c (riscv_expand_epilogue).
#define IN_TARGET_CODE 1 // as the files of GCC's back ends: call_used_regs

#include "machine.h"

#include "insn-codes.h"

#include "arch/riscv64/layout.h"

namespace luge::machine {
namespace {

constexpr unsigned t0 = GP_REG_FIRST + 5, t3 = GP_REG_FIRST + 28, t4 = GP_REG_FIRST + 29;

} // namespace

const Layout &layout() { return riscv64; }

const unsigned stack_alignment = 128;

std::optional<std::string> unsupported() {
  if (TARGET_64BIT)
    return {};
  return "-march=rv32: this plugin makes sleds for riscv64 only; compile this file without the "
         "plugin";
}

std::optional<std::string> unusable_register() {
  for (auto [r, name] : {std::pair(t0, "t0"), std::pair(t3, "t3"), std::pair(t4, "t4")})
    if (fixed_regs[r] || global_regs[r] || !call_used_regs[r])
      return std::string("register ") + name +
             " is reserved (-ffixed, -fcall-saved or a global register variable), but the stub "
             "of a sled needs it; use flavour=nop stub=no";
  return {};
}

// Interrupt handlers keep every register.
bool no_scratch(function *fun) {
  return lookup_attribute("interrupt", TYPE_ATTRIBUTES(TREE_TYPE(fun->decl))) != NULL_TREE;
}

// By name: GCC has the insn since 15, put first by a back-end pass before "shorten".
rtx_insn *landing_pad(rtx_insn *first) {
  if (!first || !NONJUMP_INSN_P(first) || recog_memoized(first) < 0)
    return nullptr;
  return std::string_view(get_insn_name(INSN_CODE(first))) == "lpad" ? first : nullptr;
}

bool mcount_behind_prologue() { return true; }

Leaves leaves(rtx_insn *insn) {
  switch (recog_memoized(insn)) {
  case CODE_FOR_gpr_restore:
    return Leaves::Yes;
  case CODE_FOR_gpr_restore_return:
    return Leaves::No;
  default:
    return Leaves::AsUsual;
  }
}

bool pops_frame(rtx_insn *insn) { return recog_memoized(insn) == CODE_FOR_gpr_restore; }

bool needs_alternate_stub(rtx target) { return REG_P(target) && REGNO(target) == t3; }

} // namespace luge::machine
