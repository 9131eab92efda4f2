// SPDX-License-Identifier: GPL-3.0-or-later
// LoongArch, 64-bit. Its functions have no landing pad, and leave by insns that GCC marks as
// returns and calls.
// GCC internals: config/loongarch/loongarch.h (SIBCALL_REGS), loongarch.cc
// (loongarch_expand_prologue).
#define IN_TARGET_CODE 1 // as the files of GCC's back ends: call_used_regs

#include "machine.h"

#include "arch/loongarch64/layout.h"

namespace luge::machine {
namespace {

constexpr unsigned t0 = GP_REG_FIRST + 12, t1 = GP_REG_FIRST + 13;

} // namespace

const Layout &layout() { return loongarch64; }

const unsigned stack_alignment = 128;

std::optional<std::string> unsupported() {
  if (TARGET_64BIT)
    return {};
  return "-march=la32: this plugin makes sleds for loongarch64 only; compile this file without the "
         "plugin";
}

std::optional<std::string> unusable_register() {
  for (auto [r, name] : {std::pair(t0, "t0"), std::pair(t1, "t1")})
    if (fixed_regs[r] || global_regs[r] || !call_used_regs[r])
      return std::string("register ") + name +
             " is reserved (-ffixed, -fcall-saved or a global register variable), but the stub "
             "of a sled needs it; use flavour=nop stub=no";
  return {};
}

// PROFILE_HOOK makes it an insn of the body.
bool mcount_behind_prologue() { return true; }

// The stub of such an exit uses t2 and t3.
bool needs_alternate_stub(rtx target) {
  return REG_P(target) && (REGNO(target) == t0 || REGNO(target) == t1);
}

} // namespace luge::machine
