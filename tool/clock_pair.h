// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Time stamps against the system's clocks.
#pragma once

#include "sled/trace_format.h"

namespace luge {

ClockPair read_clock_pair();

// Whether the time stamp counter runs at one rate in all states of the CPU.
bool clock_is_invariant();

// Measures for some milliseconds.
double ticks_per_ns();

} // namespace luge
