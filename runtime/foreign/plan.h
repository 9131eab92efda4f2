// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What can be done with each entry of an object's __patchable_function_entries, decided from the
// loaded bytes. Nothing is changed here. An entry that something speaks against is refused: a wrong
// guess would destroy an instruction of the program.
#pragma once

#include "arch/current/foreign.h"
#include "runtime/foreign/object.h"

namespace luge {

enum class Verdict : uint8_t {
  Good,
  Skipped, // nothing to trace: discarded by the linker, a second record of a function, a sled of Luge's plugin
  TooFew,
  NoStart,
  Branch,
  Breakpoint,
  Threads, // from here on: found out when it is armed
  Far,
  Forbidden,
};
inline constexpr unsigned kVerdicts = static_cast<unsigned>(Verdict::Forbidden) + 1;
// Why not, in words: "3 functions: WORDS".
const char *verdict_text(Verdict v);

struct Planned {
  uintptr_t record;   // what the entry says
  uintptr_t function; // 0: not known
  arch::ForeignEntry entry;
  Verdict verdict;
  uintptr_t sled() const { return function + entry.sled; }
};

// Of all sections of that name, in the order of the section headers: entry i has slot i.
class Plan {
public:
  explicit Plan(const ObjectFile &object);
  ~Plan();
  Plan(const Plan &) = delete;

  Planned *begin() { return all; }
  Planned *end() { return all + used; }
  uint32_t count() const { return used; }
  uint32_t with(Verdict v) const;
  Bounds text() const { return code; } // the segment that the sleds are in
  bool text_is_writable() const { return writable; }
  Bounds entries() const { return first; }

private:
  void read_entries(const ObjectFile &object);
  void decode(const ObjectFile &object);
  void leave_out_twins();
  void doubt();

  Planned *all = nullptr;
  uint32_t used = 0;
  Bounds code{}, first{};
  bool writable = false;
};

} // namespace luge
