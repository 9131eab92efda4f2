// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/address_set.h"

#include <stdlib.h>

namespace luge {

namespace {

constexpr uintptr_t kRemoved = 1; // a place that a removed address has left

size_t hash_of(uintptr_t v) { return static_cast<size_t>((v >> 2) * 0x9e3779b97f4a7c15ull >> 16); }

} // namespace

bool AddressSet::has(uintptr_t address) const {
  if (!count)
    return false;
  for (size_t i = hash_of(address);; ++i) {
    uintptr_t found = table[i & (room - 1)];
    if (found == address)
      return true;
    if (!found)
      return false;
  }
}

bool AddressSet::grow() {
  size_t old_room = room, new_room = room && count < room / 4 ? room : room ? 2 * room : 16;
  auto *fresh = static_cast<uintptr_t *>(calloc(new_room, sizeof *table));
  if (!fresh)
    return false;
  uintptr_t *old = table;
  table = fresh;
  room = new_room;
  used = count = 0;
  for (size_t i = 0; i < old_room; ++i)
    if (old[i] > kRemoved)
      add(old[i]);
  free(old);
  return true;
}

bool AddressSet::add(uintptr_t address) {
  if (has(address))
    return true;
  if (used + 1 > room / 2 && !grow())
    return false;
  size_t i = hash_of(address);
  while (table[i & (room - 1)])
    ++i;
  table[i & (room - 1)] = address;
  ++used;
  ++count;
  return true;
}

void AddressSet::remove(uintptr_t address) {
  if (!has(address))
    return;
  size_t i = hash_of(address);
  while (table[i & (room - 1)] != address)
    ++i;
  table[i & (room - 1)] = kRemoved;
  --count;
}

bool AddressSet::copy_to(AddressSet *empty) const {
  for (size_t i = 0; i < room; ++i)
    if (table[i] > kRemoved && !empty->add(table[i]))
      return false;
  return true;
}

void AddressSet::clear() {
  free(table);
  *this = AddressSet();
}

} // namespace luge
