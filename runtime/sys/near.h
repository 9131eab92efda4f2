// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory within a branch's reach of given code, and code in it that was never writable where it
// runs: the bytes are written to a memory file, which is then mapped r-x (PR_SET_MDWE allows that).
#pragma once

#include <cstddef>
#include <cstdint>

namespace luge::sys {

// A place for `size` bytes that lies within `reach` of every byte of [begin, end), in a gap of the
// address space: as near as can be, and not where the heap or a stack will grow. Returns the r-w memory; null: there is no room.
void *map_near(size_t size, uintptr_t begin, uintptr_t end, uint64_t reach);
// Puts `size` bytes (whole pages) of code at `at`, over memory of map_near(), executable and not
// writable. Both are private: a child of fork() has its own. False: the system forbids it.
bool map_code(void *at, const void *code, size_t size);
// Threads of this process; 0: not known (no /proc).
unsigned thread_count();

// For tests: where map_near() would put it, given the text of /proc/self/maps and the program break.
uintptr_t place_near(const char *maps, size_t maps_size, uintptr_t program_break, size_t size,
                     uintptr_t begin, uintptr_t end, uint64_t reach);

} // namespace luge::sys
