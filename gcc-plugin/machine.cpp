// SPDX-License-Identifier: GPL-3.0-or-later
// The optional hooks of machine.h for a target that does not differ in them:
// weak, so that machine-<cpu>.cpp takes the place of each that it defines.
#include "machine.h"

#define OPTIONAL __attribute__((weak))

namespace luge::machine {

OPTIONAL bool other_code(function *) { return false; }
OPTIONAL bool second_set(function *) { return false; }
OPTIONAL bool no_scratch(function *) { return false; }
OPTIONAL bool special_cc(function *) { return false; }
OPTIONAL bool no_vectors(function *) { return false; }
OPTIONAL const char *sleds_before() { return "shorten"; }
OPTIONAL rtx_insn *landing_pad(rtx_insn *) { return nullptr; }

OPTIONAL Leaves leaves(rtx_insn *) { return Leaves::AsUsual; }
OPTIONAL bool pops_frame(rtx_insn *) { return false; }

OPTIONAL unsigned bytes_behind_label(tree) { return 0; }
OPTIONAL bool place_before_local_entry(tree, const Options &, const Nops &, const std::string &) {
  return false;
}
OPTIONAL bool place_in_printed_prologue(const std::string &) { return false; }
OPTIONAL void start_unit() {}

} // namespace luge::machine
