// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// exits=on: a sled before everything by which a function returns or tail-calls.
// Three steps, at three places of the pipeline (hook.h):
//
//   guard    before PEI: a zero-size marker in front of each return. It stops the passes that
//            would make conditional returns (bdzlr, jcc to a tail call), which no sled can stand
//            before without running on the way that does not leave.
//   insert   with the entry's sled: markers out, sleds in
//   pin      behind PreEmit: back to directly before the return, where a scheduler or vzeroupper
//            has come between
#pragma once

#include "llvm/CodeGen/MachineFunction.h"

#include "sled/text.h"
#include "target.h"

namespace luge {

void guard_exits(llvm::MachineFunction &function);
void remove_guards(llvm::MachineFunction &function);
// `next_id` is counted up. To `tail` and `stubs` is added what SledText has under these names.
void insert_exits(llvm::MachineFunction &function, const Target &target, const SledRequest &entry,
                  unsigned &next_id, std::string &tail, std::string &stubs);
void pin_exits(llvm::MachineFunction &function);

} // namespace luge
