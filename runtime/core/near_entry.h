// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Trampolines that stand in the traced objects themselves (sled/near.h). All of it under the runtime's lock.
#pragma once

#include "runtime/core/sites.h"

namespace luge {

// The module's addresses are known: those that stand in it serve its sites.
void note_near_entries(const Module &m);
// For one callback where no vector register is live; null: the runtime's own.
void *near_one_general(const Site &s);

} // namespace luge
