// SPDX-License-Identifier: GPL-3.0-or-later
// x86-64 and i386 (-m32, or a compiler for it). ENDBR is the insn `nop_endbr`, put
// first by a back-end pass before "shorten"; with -pg -mfentry it is printed as text together with the call of
// __fentry__, which then stands before the sled.
// GCC internals: config/i386/i386-features.c (endbr pass), i386.c
// (x86_function_profiler, ix86_asm_output_function_label).
#define IN_TARGET_CODE 1 // as the files of GCC's back ends: call_used_regs

#include "machine.h"

#include "insn-codes.h"

#include "arch/i386/layout.h"
#include "arch/x86_64/layout.h"

namespace luge::machine {
namespace {

bool in_general_register(rtx x) {
  if (!x)
    return false;
  if (GET_CODE(x) == PARALLEL)
    return XVECLEN(x, 0) && in_general_register(XEXP(XVECEXP(x, 0, XVECLEN(x, 0) - 1), 0));
  return REG_P(x) && GENERAL_REGNO_P(REGNO(x));
}

// Not cdecl: regparm, fastcall and thiscall, which GCC also gives to static functions by itself,
// or a callee that pops more than the hidden address of a result.
bool special_cc_i386(function *fun) {
  for (tree parm = DECL_ARGUMENTS(fun->decl); parm; parm = DECL_CHAIN(parm))
    if (in_general_register(DECL_INCOMING_RTL(parm)))
      return true;
  poly_int64 popped = crtl->args.pops_args;
  return maybe_gt(popped, aggregate_value_p(DECL_RESULT(fun->decl), fun->decl) ? 4 : 0);
}

} // namespace

const Layout &layout() {
  if (TARGET_64BIT)
    return x86_64;
  return i386;
}

const unsigned stack_alignment = 128;

std::optional<std::string> unsupported() {
  if (!TARGET_X32)
    return {};
  return "-mx32: this plugin makes sleds for x86_64 (-m64) and i386 (-m32) only; compile this "
         "file without the plugin";
}

std::optional<std::string> unusable_register() {
  if (!TARGET_64BIT || (!fixed_regs[R11_REG] && !global_regs[R11_REG] && call_used_regs[R11_REG]))
    return {};
  return "register r11 is reserved (-ffixed-r11, -fcall-saved-r11 or a global register variable), "
         "but the stub of a sled needs it; use flavour=nop stub=no";
}

// Interrupt handlers keep every register, and leave by iretq. On i386 a regparm(3) nested function
// begins with a push behind which its trampoline enters, and ms_hook_prologue with a whole
// prologue.
bool no_scratch(function *fun) {
  if (fun->machine->func_type != TYPE_NORMAL || LUGE_X86_SAVES_ALL_REGISTERS(fun->machine))
    return true;
  return !TARGET_64BIT && (fun->machine->static_chain_on_stack ||
                           lookup_attribute("ms_hook_prologue", DECL_ATTRIBUTES(fun->decl)));
}

rtx_insn *landing_pad(rtx_insn *first) {
  bool pad = first && NONJUMP_INSN_P(first) && recog_memoized(first) == CODE_FOR_nop_endbr;
  return pad ? first : nullptr;
}

bool special_cc(function *fun) {
  return TARGET_64BIT ? fun->machine->call_abi != SYSV_ABI : special_cc_i386(fun);
}

// What assign_parms has counted. The unnamed arguments of a variadic function may come in xmm0-7,
// and __builtin_apply_args() takes all that there might be.
bool no_vectors(function *fun) {
  return TARGET_64BIT && !special_cc(fun) && !fun->stdarg && !apply_args_value &&
         crtl->args.info.sse_regno == 0;
}

bool mcount_behind_prologue() { return !flag_fentry; }

// ms_hook_prologue: an 8-byte lea behind the label, which Windows programs patch.
unsigned bytes_behind_label(tree decl) {
  return TARGET_64BIT && lookup_attribute("ms_hook_prologue", DECL_ATTRIBUTES(decl)) ? 8 : 0;
}

// In r11, or at an address that has r11 in it.
bool needs_alternate_stub(rtx target) {
  if (!TARGET_64BIT || !refers_to_regno_p(R11_REG, target))
    return false;
  if (fixed_regs[R10_REG] || global_regs[R10_REG] || !call_used_regs[R10_REG] ||
      refers_to_regno_p(R10_REG, target))
    error_at(DECL_SOURCE_LOCATION(current_function_decl),
             "luge: %qD has an indirect tail call through r11 while r10 is not free either, and so "
             "cannot have a sled there; leave it out of %<exits=on%> by %<exclude%>",
             current_function_decl);
  return true;
}

} // namespace luge::machine
