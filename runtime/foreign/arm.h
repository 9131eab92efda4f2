// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes ordinary sites out of a plan: stubs, slots and records in memory near the code, and the NOPs
// at the entries turned into toggle sleds that are off. After that foreign sleds are like any others.
#pragma once

#include "runtime/foreign/plan.h"
#include "sled/record.h"

namespace luge {

struct ForeignSites {
  const luge_site *records = nullptr, *records_end = nullptr;
  luge_slot *slots = nullptr; // one for each entry of the plan, used or not
  void *memory = nullptr;     // of all that
  size_t bytes = 0;
};

// Verdicts of sites that cannot be armed change.
ForeignSites arm(Plan &plan);

} // namespace luge
