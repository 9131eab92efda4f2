// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace luge {

// Puts the machine passes into every code generator of this process. Stops the process with a
// message if this LLVM has no place for them.
void hook_code_generator();

} // namespace luge
