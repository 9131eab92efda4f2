// SPDX-License-Identifier: GPL-3.0-or-later
// From GCC's data structures to FunctionFacts, the language of sled/policy.h.
// Two collections: what only GIMPLE and its flow graph know, taken right before
// "expand" (everything is inlined by then), and the rest, from the finished RTL.
#pragma once

#include "compat.h"

#include "sled/policy.h"

namespace luge {

struct GimpleFacts {
  bool has_loop = false;
  bool return_seen = false;
  bool any_argument = false; // reads argument memory without bounds (__builtin_apply_args)
};

GimpleFacts gimple_facts(function *fun);

// The patchable_function_entry attribute or option of the current function. An attribute with
// M > N, which GCC only warns of, is an error here.
std::optional<Nops> user_nops(tree decl);

FunctionFacts rtl_facts(function *fun, const GimpleFacts &gimple, std::optional<Nops> nops);

} // namespace luge
