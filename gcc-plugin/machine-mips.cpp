// SPDX-License-Identifier: GPL-3.0-or-later
// MIPS, n64 and o32. ASM_DECLARE_FUNCTION_NAME is empty here: the label comes from
// function_prologue, with o32's .cpload behind it. So both calls of the hook are made
// before the label (GCC PR99217: the stock NOPs are never executed); what stands
// between it and the label is of no size. The sled, an insn, is behind .cpload.
// GCC internals: config/mips/mips.c (mips_output_function_prologue, mips_reorg).
#define IN_TARGET_CODE 1 // as the files of GCC's back ends: call_used_regs

#include "machine.h"

#include "insn-codes.h"

#include "arch/mips64el/layout.h"
#include "arch/mipsel/layout.h"

namespace luge::machine {
namespace {

constexpr unsigned first_scratch = GP_REG_FIRST + 12, last_scratch = GP_REG_FIRST + 14;

} // namespace

const Layout &layout() { return mips_abi == ABI_64 ? mips64el : mipsel; }

const unsigned stack_alignment = 128; // o32: 64, and no argument has more

std::optional<std::string> unsupported() {
  const char *why = nullptr;
  if (mips_abi != ABI_64 && mips_abi != ABI_32)
    why = mips_abi == ABI_N32 ? "-mabi=n32" : "this -mabi";
  else if (TARGET_BIG_ENDIAN)
    why = "-EB";
  if (!why)
    return {};
  return std::string(why) + ": this plugin makes sleds for little-endian MIPS code with "
         "-mabi=64 and -mabi=32 only; compile this file without the plugin";
}

std::optional<std::string> unusable_register() {
  for (unsigned r : {12, 13, 14, 24})
    if (fixed_regs[GP_REG_FIRST + r] || global_regs[GP_REG_FIRST + r] ||
        !call_used_regs[GP_REG_FIRST + r])
      return "register $" + std::to_string(r) +
             " is reserved (-ffixed, -fcall-saved or a global register variable), but the stub "
             "of a sled needs it; use flavour=nop stub=no";
  return {};
}

// Interrupt handlers keep every register.
bool no_scratch(function *fun) { return fun->machine->interrupt_handler_p; }

// Of the current function: -mips16 and -mmicromips as well as the attributes.
bool other_code(function *) { return TARGET_MIPS16 || TARGET_MICROMIPS; }

bool mcount_behind_prologue() { return true; }

// In the delay slot.
bool pops_frame(rtx_insn *insn) {
  rtx_sequence *sequence = dyn_cast<rtx_sequence *>(PATTERN(insn));
  for (int i = 1; sequence && i < sequence->len(); ++i)
    if (reg_set_p(stack_pointer_rtx, sequence->insn(i)))
      return true;
  return false;
}

bool needs_alternate_stub(rtx target) {
  return REG_P(target) && REGNO(target) >= first_scratch && REGNO(target) <= last_scratch;
}

} // namespace luge::machine
