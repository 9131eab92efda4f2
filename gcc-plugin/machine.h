// SPDX-License-Identifier: GPL-3.0-or-later
// What the plugin must know of the target beyond arch/<name>: RTL patterns and
// calling conventions as GCC's back end names them. One file per target,
// machine-<cpu>.cpp; the build takes the one of the compiler's own target.
// A target defines what stands under "Required", and of the rest that in which
// it differs: machine.cpp has weak definitions that return what is said here.
#pragma once

#include "compat.h"

#include "sled/layout.h"
#include "sled/options.h"

namespace luge::machine {

// Required.

const Layout &layout();

// Alignment of the stack at a call, in bits, as the psABI has it and as every trampoline keeps it.
extern const unsigned stack_alignment;

// Why this command line's code can have no sleds ("-m32: ..."), or nothing.
std::optional<std::string> unsupported();

// Why the current function can have no stub: a register that the stub needs is not free.
std::optional<std::string> unusable_register();

// Whether -pg calls mcount behind the prologue, so that it sees the return address.
bool mcount_behind_prologue();

// Whether the stub's usual scratch register holds TARGET, that of an indirect tail call.
bool needs_alternate_stub(rtx target);

// Optional: which functions can have sleds, and where. FUN is the current function.

// Whether FUN is in an instruction set of the target that has no sleds. Else false.
bool other_code(function *fun);

// Whether FUN is in the second instruction set (Layout::second_set_bit). Else false.
bool second_set(function *fun);

// Whether FUN's calling convention leaves no place for a sled behind the label, or no register
// for its stub. Else false.
bool no_scratch(function *fun);

// Whether FUN does not follow the platform's C calling convention. Else false.
bool special_cc(function *fun);

// Whether it is certain that no vector register is live at the entry of FUN, and worth a record's flag.
// Else false.
bool no_vectors(function *fun);

// The pass before which the sleds are placed. Else "shorten".
const char *sleds_before();

// The landing pad of an indirect branch that begins the function, behind which the sled stands.
// May insert one where the body began with an instruction that is a pad and more.
// `first`: the first real instruction, or null. Else null.
rtx_insn *landing_pad(rtx_insn *first);

// Optional: exits.

// Whether INSN leaves the function although returnjump_p does not say so (Yes), or does not
// although it says so (No). Else AsUsual.
enum class Leaves { AsUsual, Yes, No };
Leaves leaves(rtx_insn *insn);

// Whether the frame is still there in front of INSN, a return (pop {..., pc}, out-of-line
// restore). Else false.
bool pops_frame(rtx_insn *insn);

// Optional: text that GCC prints between the function label and the first insn (ppc64: the global
// entry's code, .localentry, the call of -mprofile-kernel).

// Bytes that GCC prints between the function label and the hook that stands for it. Else 0.
unsigned bytes_behind_label(tree decl);

// True: PREFIX is printed in there, directly before the local entry with layout=local, and not
// before the label. An error is reported where the distance of the entries cannot be encoded.
// Else false.
bool place_before_local_entry(tree decl, const Options &options, const Nops &nops,
                              const std::string &prefix);

// True: SLED is printed in there and not as an insn, where code that GCC prints there must come
// behind it. Else false.
bool place_in_printed_prologue(const std::string &sled);

// Called once at the start of the unit.
void start_unit();

} // namespace luge::machine
