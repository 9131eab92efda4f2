// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which functions a user sees: the patterns and addresses of ftrace_set_filter().
// Exact names and addresses are hashed, so that a million entries cost a lookup
// each; the rest is tried one by one. Evaluated under the runtime's lock alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/core/address_set.h"
#include "runtime/core/names.h"

namespace luge {

class Filter {
public:
  bool is_set() const { return set; }
  bool selects_all() const { return everything; } // the one pattern `*`
  bool needs_names() const { return set && !everything && pattern_count != 0; }
  // names may be null where needs_names() is false.
  bool selects(uintptr_t function, const Module &module, const FunctionName *name) const;

  // 0, -EINVAL, -ENOMEM. What was added before a bad pattern stays out as well.
  int add_patterns(std::string_view patterns);
  size_t pattern_mark() const { return pattern_count; }
  void undo_patterns(size_t mark) { drop(mark); } // those added since
  bool add_address(uintptr_t address);
  bool remove_address(uintptr_t address);
  void forget_address(uintptr_t address); // as if it was never named by address
  void clear();
  void take(Filter &other);      // and leaves it empty
  void take_from(Filter &other); // the same without freeing what was there

private:
  struct Pattern;
  int add_one(std::string_view text);
  int compile(Pattern &p, std::string_view text);
  int parse(Pattern &p, std::string_view text);
  bool note_exact(uint32_t index);
  const Pattern *exact(std::string_view name) const;
  void drop(size_t from);

  Pattern *patterns = nullptr; // in their order: the last that names a function decides
  size_t pattern_count = 0, pattern_room = 0;
  uint32_t *others = nullptr; // those that are not exact
  size_t other_count = 0, other_room = 0;
  uint32_t *names = nullptr; // hash table of exact ones: index + 1
  size_t name_room = 0, name_count = 0;
  AddressSet added, removed;
  bool set = false, everything = false;
};

} // namespace luge
