// SPDX-License-Identifier: GPL-3.0-or-later
// ARM and Thumb-2. The sleds are placed before the machine reorg pass, which puts literal pools where
// code of the length that it sees can reach them, and, as that pass asks for the data flow of Thumb
// code once more, while insns have blocks. Code before the label is printed before the .arm or
// .thumb of the function: data. What final makes conditional (arm_final_prescan_insn, ARM only) is
// never what an exit's sled stands in: it gives up at an ASM_INPUT.
// GCC internals: config/arm/arm.c (arm_reorg, output_return_instruction), arm.md.
#define IN_TARGET_CODE 1

#include "machine.h"

#include "arch/arm/layout.h"

namespace luge::machine {
namespace {

bool has_memory(const_rtx x) {
  if (MEM_P(x))
    return true;
  const char *format = GET_RTX_FORMAT(GET_CODE(x));
  for (int i = 0; i < GET_RTX_LENGTH(GET_CODE(x)); ++i) {
    if (format[i] == 'e' && has_memory(XEXP(x, i)))
      return true;
    for (int j = 0; format[i] == 'E' && j < XVECLEN(x, i); ++j)
      if (has_memory(XVECEXP(x, i, j)))
        return true;
  }
  return false;
}

} // namespace

const Layout &layout() { return arm; }

const unsigned stack_alignment = 64;

std::optional<std::string> unsupported() {
  if (TARGET_BIG_END)
    return "-mbig-endian: this plugin makes sleds for little-endian ARM only; compile this file "
           "without the plugin";
  if (TARGET_THUMB1)
    return "-mthumb: this architecture has no Thumb-2, whose branches a sled needs; use -marm or "
           "-march=armv7-a, or compile this file without the plugin";
  if (!arm_arch_notm)
    return "this -march: this plugin makes sleds for the A and R profiles of ARM only; compile "
           "this file without the plugin";
  return {};
}

std::optional<std::string> unusable_register() { return {}; } // the stub changes none

bool second_set(function *) { return TARGET_THUMB; }

// By __attribute__((target("thumb"))) below Thumb-2.
bool other_code(function *) { return TARGET_THUMB1; }

const char *sleds_before() { return "*free_cfg"; }

bool special_cc(function *fun) {
  tree attributes = TYPE_ATTRIBUTES(TREE_TYPE(fun->decl));
  for (const char *name : {"pcs", "isr", "interrupt"})
    if (lookup_attribute(name, attributes) || lookup_attribute(name, DECL_ATTRIBUTES(fun->decl)))
      return true;
  return false;
}

bool mcount_behind_prologue() { return true; }

// `pop {..., pc}` and its like name the memory; a plain (return) pops what the function has saved.
bool pops_frame(rtx_insn *insn) {
  rtx pattern = PATTERN(insn);
  if (GET_CODE(pattern) == RETURN)
    return cfun->machine->stack_offsets.saved_regs_mask != 0;
  return reg_set_p(stack_pointer_rtx, insn) || has_memory(pattern);
}

bool needs_alternate_stub(rtx) { return false; } // the stub keeps every register

} // namespace luge::machine
