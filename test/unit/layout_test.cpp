// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The layout as data: what well_formed() refuses, and that the numbers of x86-64 are the ones of
// the bytes that the emitter prints.
#include "sled/layout.h"

#include <algorithm>

#include "arch/x86_64/layout.h"
#include "sled/arch.h"
#include "gtest/gtest.h"

namespace luge {
namespace {

template <class Change> constexpr bool with(Change change) {
  Layout l = x86_64;
  change(l);
  return well_formed(l);
}

static_assert(with([](Layout &) {}));
static_assert(!with([](Layout &l) { l.name = nullptr; }));
static_assert(!with([](Layout &l) { l.pointer_size = 0; }));
static_assert(!with([](Layout &l) { l.pointer_size = 6; }));
static_assert(!with([](Layout &l) { l.nop_unit = 0; }));
static_assert(!with([](Layout &l) { l.nop_unit = 2; }), "5 bytes are no multiple of 2");
static_assert(!with([](Layout &l) { l.patch_unit = 0; }));
static_assert(!with([](Layout &l) { l.patch_unit = 9; }), "larger than the word stored at once");
static_assert(!with([](Layout &l) { l.patch_word = 6; }));
static_assert(!with([](Layout &l) { l.toggle_byte = 6; }));
static_assert(!with([](Layout &l) { l.toggle_size = 4; }), "smaller than what is stored");
static_assert(!with([](Layout &l) { l.sled_align = 3; }));
static_assert(!with([](Layout &l) { l.function_align = 0; }));
static_assert(!with([](Layout &l) { l.stub_body_entry = 0; }), "is the first entry");
static_assert(!with([](Layout &l) { l.second_set_bit = 6; }), "one bit");
static_assert(!with([](Layout &l) { l.second_set_bit = 1; }), "no address of a stub has it");
static_assert(!with([](Layout &l) { l.slot_align = 8; }), "a slot is two pointers");
static_assert(!with([](Layout &l) { l.reach_min = 0; }));
static_assert(!with([](Layout &l) { l.reach_max = 0; }));

// Bytes that a piece of assembler text occupies, for the directives the emitter uses.
unsigned size_of(const std::string &text) {
  unsigned size = 0;
  for (size_t at = 0; (at = text.find("\t.", at)) != text.npos; ++at) {
    std::string directive = text.substr(at, text.find('\n', at) - at);
    if (directive.rfind("\t.long", 0) == 0)
      size += 4;
    else if (directive.rfind("\t.byte", 0) == 0)
      size += 1 + static_cast<unsigned>(std::count(directive.begin(), directive.end(), ','));
    else
      ADD_FAILURE() << "unknown directive " << directive;
  }
  return size;
}

TEST(LayoutOfX86_64, sizes_are_those_of_the_text) {
  const Arch &arch = arch_of(x86_64);
  EXPECT_EQ(size_of(arch.toggle_off("t")), x86_64.toggle_size);
  EXPECT_EQ(size_of(arch.nops(x86_64.patch_unit)), x86_64.patch_unit);
  for (bool alternate : {false, true}) {
    std::string stub = arch.stub({"t", "slot", "body", alternate});
    EXPECT_EQ(size_of(stub.substr(0, stub.find("\t.long slot"))),
              static_cast<unsigned>(x86_64.stub_slot_ref));
    EXPECT_EQ(size_of(stub.substr(0, stub.find("\t.byte 0xf3,0x0f,0x1e,0xfa"))),
              static_cast<unsigned>(x86_64.stub_body_entry));
  }
}

TEST(LayoutOfX86_64, nops_of_every_size) {
  for (unsigned n = 0; n < 100; ++n)
    EXPECT_EQ(size_of(arch_of(x86_64).nops(n)), n);
}

TEST(Arch, is_found_by_name) {
  EXPECT_EQ(find_arch("x86_64")->layout.toggle_size, 5u);
  EXPECT_EQ(find_arch("aarch64")->layout.toggle_size, 4u);
  EXPECT_EQ(find_arch("vax"), nullptr);
}

} // namespace
} // namespace luge
