// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the functions of an object begin: from its symbol tables, and from the sorted table of
// .eh_frame_hdr, which a stripped program still has. A record of -fpatchable-function-entry names
// the first NOP, not the function: M NOPs may stand before it, and a landing pad between.
#pragma once

#include "runtime/foreign/object.h"

namespace luge {

struct FunctionStart {
  uintptr_t address;
  uintptr_t end; // = address: not known
};

class FunctionStarts {
public:
  explicit FunctionStarts(const ObjectFile &object);
  ~FunctionStarts();
  FunctionStarts(const FunctionStarts &) = delete;

  // The function whose record is at `record`; null: nothing says it for certain.
  const FunctionStart *of_record(uintptr_t record, Bounds text) const;
  // Its end, or where the next one begins.
  uintptr_t end_of(const FunctionStart *f, Bounds text) const;

private:
  void add(uintptr_t address, uintptr_t bytes);
  void read_unwind_table(const ObjectFile &object);
  void sort();
  size_t first_from(uintptr_t address) const;

  FunctionStart *starts = nullptr;
  size_t used = 0, room = 0;
};

} // namespace luge
