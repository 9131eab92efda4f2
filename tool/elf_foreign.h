// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that a compiler without Luge's plugin has given NOPs (-fpatchable-function-entry=N,M),
// as the runtime will find them in the loaded program. docs/control.md.
#pragma once

#include "tool/elf_file.h"
#include "tool/elf_sites.h"

namespace luge {

// Appends them to out.sites, but for those that have a record of Luge's own.
void read_foreign(const ElfFile &elf, ElfSites &out);

} // namespace luge
