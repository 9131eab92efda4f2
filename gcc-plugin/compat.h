// SPDX-License-Identifier: GPL-3.0-or-later
// GCC's internal headers in the order they want, and every difference between
// GCC versions. Nothing else in this folder tests a version.
//
// The standard headers come first: GCC's system.h poisons names that they use.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// clang-format off
#include "gcc-plugin.h"
#include "tm.h"
#include "tree.h"
#include "memmodel.h"
#include "rtl.h"
#include "backend.h"
#include "bversion.h"
#include "gimple.h"
#include "gimple-iterator.h"
#include "stringpool.h"
#include "attribs.h"
#include "calls.h"
#include "cfganal.h"
#include "cgraph.h"
#include "context.h"
#include "debug.h"
#include "diagnostic-core.h"
#include "emit-rtl.h"
#include "flags.h"
#include "insn-config.h"
#include "options.h"
#include "output.h"
#include "recog.h"
#include "regs.h"
#include "rtl-iter.h"
#include "target.h"
#include "tm_p.h"
#include "tree-pass.h"
#include "varasm.h"
// clang-format on

namespace luge::compat {

// The largest alignment that the command line asks of functions, in bytes (GCC 9 and later hold
// it per level; only the first level is a wish for every function).
inline unsigned align_functions_bytes() { return 1u << align_functions.levels[0].log; }

// The user's own -fpatchable-function-entry as it stands for the current function.
inline bool has_patchable_option() {
  return flag_patchable_function_entry && *flag_patchable_function_entry;
}

// -gvariable-location-views: the default with -g and optimisation.
inline bool has_location_views() { return debug_variable_location_views; }

// Since GCC 16 the links are those of a base class, of which functions and variables are as well;
// this list still has nothing but asm statements.
inline asm_node *next_asm(asm_node *node) { return static_cast<asm_node *>(node->next); }

} // namespace luge::compat

// A function of the back end, renamed when arm got the same.
#if BUILDING_GCC_VERSION >= 13000
#define LUGE_AARCH64_BTI_ENABLED aarch_bti_enabled
#else
#define LUGE_AARCH64_BTI_ENABLED aarch64_bti_enabled
#endif

// x86, __attribute__((no_caller_saved_registers)): a flag became one of several kinds.
#if BUILDING_GCC_VERSION >= 14000
#define LUGE_X86_SAVES_ALL_REGISTERS(machine)                                                      \
  ((machine)->call_saved_registers == TYPE_NO_CALLER_SAVED_REGISTERS)
#else
#define LUGE_X86_SAVES_ALL_REGISTERS(machine) ((machine)->no_caller_saved_registers)
#endif
