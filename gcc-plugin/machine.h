// SPDX-License-Identifier: GPL-3.0-or-later
// What the plugin must know of the target beyond arch/<name>: RTL patterns and
// calling conventions as GCC's back end names them. One file per target,
// machine-<cpu>.cpp; the build takes the one of the compiler's own target.
#pragma once

#include "compat.h"

#include "sled/layout.h"
#include "sled/options.h"

namespace luge::machine {

const Layout &layout();

// Alignment of the stack at a call, in bits, as the psABI has it and as every trampoline keeps it.
extern const unsigned stack_alignment;

// Why this command line's code can have no sleds ("-m32: ..."), or nothing.
std::optional<std::string> unsupported();

// Why the current function can have no stub: a register that the stub needs is not free.
std::optional<std::string> unusable_register();

// Whether the current function's calling convention leaves no place for a sled behind the label,
// or no register for its stub.
bool no_scratch(function *fun);

// The landing pad of an indirect branch that begins the function, behind which the sled stands,
// or null. May insert one where the body began with an instruction that is a pad and more.
// `first`: the first real instruction, or null.
rtx_insn *landing_pad(rtx_insn *first);

// Whether FUN, the current function, is in an instruction set of the target that has no sleds.
// Never where a target does not say.
bool other_code(function *fun);

// Whether FUN, the current function, is in the second instruction set (Layout::second_set_bit).
// Never where a target does not say.
bool second_set(function *fun);

// The pass before which the sleds are placed: "shorten" where a target does not say.
const char *sleds_before();

// Whether FUN does not follow the platform's C calling convention.
bool special_cc(function *fun);

// Whether -pg calls mcount behind the prologue, so that it sees the return address.
bool mcount_behind_prologue();

// Bytes that GCC prints between the function label and the hook that stands for it.
unsigned bytes_behind_label(tree decl);

// COUNT bytes before a prefix that keep the function label aligned; never executed.
std::string padding(unsigned count);

// Exits. INSN leaves the function although returnjump_p does not say so, or does not although it
// says so.
enum class Leaves { AsUsual, Yes, No };
Leaves leaves(rtx_insn *insn);
// Whether the frame is still there in front of INSN, a return (pop {..., pc}, out-of-line restore).
bool pops_frame(rtx_insn *insn);
// Whether the stub's usual scratch register holds TARGET, that of an indirect tail call.
bool needs_alternate_stub(rtx target);

// Text that GCC prints between the function label and the first insn (ppc64: the global entry's
// code, .localentry, the call of -mprofile-kernel). True: PREFIX or SLED is printed in there and
// not before the label, not as an insn.
// PREFIX: directly before the local entry with layout=local; an error is reported where the
// distance of the entries cannot be encoded.
bool place_before_local_entry(tree decl, const Options &options, const Nops &nops,
                              const std::string &prefix);
// SLED: where code that GCC prints there must come behind it.
bool place_in_printed_prologue(const std::string &sled);
// Called once at the start of the unit.
void start_unit();

} // namespace luge::machine
