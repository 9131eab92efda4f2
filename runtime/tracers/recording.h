// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is recorded, beside events of calls: the switch, stacks, copies of the flight recorder.
#pragma once

#include <cstdint>

namespace luge {

// Read by the trampolines: 0: the built-in tracers record no entries.
extern "C" uint8_t luge_tracing_on;

void set_recording(bool on);
// Loads what a callback cannot: the unwinder.
void prepare_recording(bool stacks);
// luge_record_stack() with a function on top that is just being entered; 0: none.
void record_stack(uintptr_t entered);

} // namespace luge
