// SPDX-License-Identifier: GPL-3.0-or-later
// exits=on: a sled before everything by which a function returns or tail-calls.
#pragma once

#include "compat.h"

#include "sled/text.h"

namespace luge {

// Inserts the sleds and returns their requests. `entry`: that of the function; `last_id` is
// counted up.
std::vector<SledRequest> insert_exits(function *fun, const SledRequest &entry, unsigned &last_id);

// An insn that prints TEXT (lines that each begin with a tab or are labels, the last with '\n').
rtx text_insn(std::string text);

} // namespace luge
