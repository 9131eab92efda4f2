// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The binary interface between objects, runtime and tool. A change here is a change of
// LUGE_ABI_VERSION.
#include "sled/record.h"

#include "gtest/gtest.h"

namespace {

static_assert(LUGE_ABI_VERSION == 1);
static_assert(offsetof(luge_site, sled) == 0 && offsetof(luge_site, function) == 4);
static_assert(offsetof(luge_site, flags) == 13 && offsetof(luge_site, prefix) == 14);
static_assert(offsetof(luge_site, stack_args) == 15);
static_assert(offsetof(luge_slot, trampoline) == 0 && offsetof(luge_slot, body) == 8);
static_assert(LUGE_SITE_ENTRY == 0 && LUGE_SITE_INDIRECT_TAIL_CALL == 3);

TEST(Record, section_names_can_be_start_and_stop_symbols) {
  for (const char *name : {LUGE_SECTION_SITES, LUGE_SECTION_NAMES})
    for (const char *c = name; *c; ++c)
      EXPECT_TRUE(isalnum(*c) || *c == '_') << name;
}

TEST(Record, a_field_stands_for_an_address_relative_to_itself) {
  luge_site site = {};
  EXPECT_EQ(LUGE_FIELD_ADDRESS(site.sled), reinterpret_cast<uintptr_t>(&site.sled));
  site.function = -100;
  EXPECT_EQ(LUGE_FIELD_ADDRESS(site.function), reinterpret_cast<uintptr_t>(&site.function) - 100);
  site.stub = INT32_MAX;
  EXPECT_EQ(LUGE_FIELD_ADDRESS(site.stub),
            reinterpret_cast<uintptr_t>(&site.stub) + static_cast<uintptr_t>(INT32_MAX));
}

TEST(Record, has_exit_for_every_combination_of_flags) {
  const unsigned none = LUGE_SITE_RETURN_SEEN | LUGE_SITE_RETURNS_TWICE | LUGE_SITE_SPECIAL_CC;
  for (unsigned flags = 0; flags < 64; ++flags)
    for (unsigned words : {0u, 1u, 254u, 255u})
      EXPECT_EQ(luge_site_has_exit(static_cast<uint8_t>(flags), static_cast<uint8_t>(words)) != 0,
                !(flags & none) && words != 255)
          << flags << " " << words;
}

} // namespace
