// SPDX-License-Identifier: GPL-3.0-or-later
// 64-bit PowerPC, ELFv2 little-endian and ELFv1 big-endian. GCC prints the
// global entry's code, .localentry and the call of -mprofile-kernel as text, in
// targetm.asm_out.function_prologue, before the first insn: so an insn stands
// behind the local entry by itself, and what must stand before it goes into
// that text, which is caught in memory.
// GCC internals: config/rs6000/rs6000-logue.cc (rs6000_output_function_prologue),
// rs6000.cc (rs6000_elf_declare_function_name: .opd, and with -mcmodel=large the
// .quad between prefix and label).
#define IN_TARGET_CODE 1 // as the files of GCC's back ends: call_used_regs

#include "machine.h"

#include "insn-codes.h"

#include "arch/ppc64/layout.h"
#include "arch/ppc64le/layout.h"
#include "sled/policy.h"

// Declared in a header of the back end that is not installed; exported by cc1.
extern bool rs6000_global_entry_point_prologue_needed_p(void);

namespace luge::machine {
namespace {

// What is to be printed in the prologue's text of the current function.
std::string before_local_entry, behind_local_entry;

void (*stock_prologue)(FILE *);

std::string stock_text() {
  char *buffer = nullptr;
  size_t size = 0;
  FILE *memory = open_memstream(&buffer, &size), *file = asm_out_file;
  if (!memory)
    fatal_error(UNKNOWN_LOCATION, "luge: out of memory");
  asm_out_file = memory; // parts of it are printed there
  stock_prologue(memory);
  asm_out_file = file;
  fclose(memory);
  std::string text(buffer, size);
  free(buffer);
  return text;
}

void prologue(FILE *file) {
  if (before_local_entry.empty() && behind_local_entry.empty()) {
    stock_prologue(file);
    return;
  }
  std::string text = stock_text();
  size_t at = text.find("\t.localentry\t");
  size_t behind = at == text.npos ? text.find("\tmflr ") : text.find('\n', at) + 1;
  gcc_assert(behind != text.npos && (at != text.npos || before_local_entry.empty()));
  text.insert(behind, behind_local_entry);
  if (at != text.npos)
    text.insert(at, before_local_entry);
  fwrite(text.data(), 1, text.size(), file);
  before_local_entry.clear();
  behind_local_entry.clear();
}

bool has_global_entry() {
  return DEFAULT_ABI == ABI_ELFv2 && rs6000_global_entry_point_prologue_needed_p();
}

} // namespace

const Layout &layout() {
  static const Layout &chosen = TARGET_LITTLE_ENDIAN ? ppc64le : ppc64;
  return chosen;
}

const unsigned stack_alignment = 128;

std::optional<std::string> unsupported() {
  if (!TARGET_64BIT)
    return "-m32: this plugin makes sleds for 64-bit PowerPC only; compile this file without the "
           "plugin";
  if (TARGET_LITTLE_ENDIAN && DEFAULT_ABI != ABI_ELFv2)
    return "-mabi=elfv1: this plugin makes sleds for little-endian PowerPC with -mabi=elfv2 only; "
           "compile this file without the plugin";
  if (!TARGET_LITTLE_ENDIAN && DEFAULT_ABI != ABI_AIX)
    return "-mabi=elfv2: this plugin makes sleds for big-endian PowerPC with -mabi=elfv1 only; "
           "compile this file without the plugin";
  return {};
}

std::optional<std::string> unusable_register() {
  for (unsigned r : {0u, 12u})
    if (fixed_regs[r] || global_regs[r] || !call_used_regs[r])
      return "register r" + std::to_string(r) +
             " is reserved (-ffixed, -fcall-saved or a global register variable), but the stub "
             "of a sled needs it; use flavour=nop stub=no";
  return {};
}

// -mprofile-kernel calls it before the prologue, with the same return address in r0.
bool mcount_behind_prologue() { return true; }

// `b _restgpr0_N` (-Os) restores registers and the return address from the popped frame: a return
// that is a set of loads as well.
bool pops_frame(rtx_insn *insn) {
  rtx pattern = PATTERN(insn);
  if (GET_CODE(pattern) != PARALLEL)
    return false;
  for (int i = 0; i < XVECLEN(pattern, 0); ++i) {
    rtx part = XVECEXP(pattern, 0, i);
    if (GET_CODE(part) == SET && MEM_P(SET_SRC(part)))
      return true;
  }
  return false;
}

bool needs_alternate_stub(rtx) { return true; } // the target is in CTR, and in r12

bool place_before_local_entry(tree decl, const Options &options, const Nops &nops,
                              const std::string &prefix) {
  if (prefix.empty() || options.order != Order::Local || !has_global_entry())
    return false;
  if (auto wrong = local_entry_error(IDENTIFIER_POINTER(DECL_NAME(decl)), nops.prefix, layout())) {
    error_at(DECL_SOURCE_LOCATION(decl), "luge: %s", wrong->c_str());
    return true;
  }
  before_local_entry = prefix;
  return true;
}

bool place_in_printed_prologue(const std::string &sled) {
  if (!crtl->profile || !TARGET_PROFILE_KERNEL)
    return false;
  behind_local_entry = sled;
  return true;
}

void start_unit() {
  stock_prologue = targetm.asm_out.function_prologue;
  targetm.asm_out.function_prologue = prologue;
}

} // namespace luge::machine
