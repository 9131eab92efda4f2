// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where memory near code is taken: texts of /proc/self/maps as kernels write them.
#include "runtime/sys/near.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace luge::sys {
namespace {

constexpr uint64_t kReach = (1ull << 31) - (1 << 20);
constexpr size_t kSize = 64 << 10;

uintptr_t place(std::string_view maps, uintptr_t program_break, uintptr_t begin, uintptr_t end,
                size_t size = kSize) {
  return place_near(maps.data(), maps.size(), program_break, size, begin, end, kReach);
}

constexpr std::string_view kPie =
    "555555554000-555555555000 r--p 00000000 08:01 1  /app\n"
    "555555555000-555555556000 r-xp 00001000 08:01 1  /app\n"
    "555555556000-555555559000 rw-p 00002000 08:01 1  /app\n"
    "555555600000-555555621000 rw-p 00000000 00:00 0  [heap]\n"
    "7ffff7c00000-7ffff7c28000 r--p 00000000 08:01 2  /libc.so.6\n"
    "7ffff7c28000-7ffff7d9d000 r-xp 00028000 08:01 2  /libc.so.6\n"
    "7ffff7fff000-7ffff8000000 rw-p 00000000 00:00 0 \n"
    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0  [stack]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]\n";

TEST(Near, NotWhereTheHeapGrows) {
  EXPECT_EQ(place(kPie, 0x555555621000, 0x555555555000, 0x555555556000), 0x555555559000);
  EXPECT_EQ(place(kPie, 0x555555559000, 0x555555555000, 0x555555556000), 0x555555554000 - kSize);

  constexpr std::string_view maps = "00400000-00401000 r--p 00000000 08:01 1  /app\n"
                                    "00401000-00482000 r-xp 00001000 08:01 1  /app\n"
                                    "00482000-004b0000 rw-p 00082000 08:01 1  /app\n";
  EXPECT_EQ(place(maps, 0x4b0000, 0x401000, 0x482000), 0x400000 - kSize);
  // Too large for the room below: far enough above the program break for the heap to grow.
  EXPECT_EQ(place(maps, 0x4b0000, 0x401000, 0x482000, 8 << 20), 0x4b0000 + (1ull << 30));
}

TEST(Near, BetweenLibraries) {
  EXPECT_EQ(place(kPie, 0x555555621000, 0x7ffff7c28000, 0x7ffff7d9d000), 0x7ffff7d9d000u);
}

TEST(Near, NotWhereTheStackGrows) {
  constexpr std::string_view maps = "7ffff0000000-7ffff7c28000 r--p 00000000 08:01 2  /lib\n"
                                    "7ffff7c28000-7ffff7d9d000 r-xp 00000000 08:01 2  /lib\n"
                                    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0  [stack]\n";
  EXPECT_EQ(place(maps, 0x1000000, 0x7ffff7c28000, 0x7ffff7d9d000), 0x7ffff0000000 - kSize);
}

TEST(Near, NoRoomWithinReach) {
  std::string maps = "10000-500000000000 rw-p 00000000 00:00 0\n"
                     "500000000000-500000001000 r-xp 00000000 08:01 1  /app\n"
                     "500000001000-7fffffffe000 rw-p 00000000 00:00 0\n";
  EXPECT_EQ(place(maps, 0, 0x500000000000, 0x500000001000), 0u);
  EXPECT_EQ(place("", 0, 0x500000000000, 0x500000000000 + kReach), 0u) << "the code alone is too large";
}

TEST(Near, EveryByteIsWithinReach) {
  std::string maps = "10000-4fff80000000 rw-p 00000000 00:00 0\n"
                     "4fff90000000-500000001000 r-xp 00000000 08:01 1  /app\n"
                     "500000001000-7fffffffe000 rw-p 00000000 00:00 0\n";
  // The gap is 256 MiB; only its upper end can be reached from the end of the code.
  uintptr_t at = place(maps, 0, 0x4fff90000123, 0x500000000123);
  EXPECT_EQ(at, 0x4fff90000000 - kSize);
  EXPECT_LT(0x500000001000 - at, 1ull << 31);
}

} // namespace
} // namespace luge::sys
