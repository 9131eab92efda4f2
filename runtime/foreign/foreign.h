// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Foreign sleds: functions that a compiler without Luge's plugin has given NOPs
// (-fpatchable-function-entry=N,M). No constructor announces them: whoever wants to trace asks for a
// look at what is loaded, and gets modules of ordinary records. Programs that are not traced
// pay nothing, and their code is not touched.
//
// What is loaded by dlopen is seen at the next look, and what dlclose takes away
// is noticed there too; changes of code run in hold(), so that it cannot go meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sled/record.h"

namespace luge::foreign {

struct Sites {
  const luge_site *records, *records_end;
  // For readers of a trace: slot i belongs to entry i of __patchable_function_entries.
  uintptr_t entries, entries_end;
  const luge_slot *slots;
};

struct Listener {
  void (*found)(const Sites &);
  // False: something may still look at its slots.
  bool (*gone)(const luge_site *records, const luge_site *records_end);
};

// Whether the environment says at start-up that somebody will want to trace.
bool wanted_at_start();
// Calls the listener for what came and went since the last look. One thread at a time.
void look(const Listener &listener);
// Runs work(argument) while no object can be unloaded. False, and nothing is run, if the object of
// these records is gone already.
bool hold(const luge_site *records, void (*work)(void *), void *argument);

} // namespace luge::foreign
