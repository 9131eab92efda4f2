// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A set of addresses that grows with them: a lookup is a probe or two.
#pragma once

#include <cstddef>
#include <cstdint>

namespace luge {

// Open addressing, no value 0 or 1.
class AddressSet {
public:
  bool add(uintptr_t address); // false: no memory
  void remove(uintptr_t address);
  bool has(uintptr_t address) const;
  size_t size() const { return count; }
  void clear();
  bool copy_to(AddressSet *empty) const;

private:
  bool grow();
  uintptr_t *table = nullptr;
  size_t room = 0, used = 0, count = 0; // used: count and the places of removed ones
};

} // namespace luge
