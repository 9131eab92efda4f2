// SPDX-License-Identifier: GPL-3.0-or-later
// What the plugin must know of the target beyond arch/<name>: RTL patterns and
// calling conventions as GCC's back end names them. One file per target,
// machine-<cpu>.cpp; the build takes the one of the compiler's own target.
#pragma once

#include "compat.h"

#include "sled/layout.h"

namespace luge::machine {

const Layout &layout();

// Alignment of the stack at a call, in bits, as the psABI has it and as every trampoline keeps it.
extern const unsigned stack_alignment;

// Why this command line's code can have no sleds ("-m32: ..."), or nothing.
std::optional<std::string> unsupported();

// Why the current function can have none: a register that the stub needs is not free.
std::optional<std::string> unusable_register();

// Whether INSN is the landing pad of an indirect branch, behind which the sled stands.
bool is_landing_pad(rtx_insn *insn);

// Whether FUN does not follow the platform's C calling convention.
bool special_cc(function *fun);

// Bytes that GCC prints between the function label and the hook that stands for it.
unsigned bytes_behind_label(tree decl);

// COUNT bytes before a prefix that keep the function label aligned; never executed.
std::string padding(unsigned count);

} // namespace luge::machine
