// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 64-bit PowerPC: words of the sled in both byte orders, places in the stub, and the option that only
// functions with two entries have.
#include <algorithm>
#include <array>

#include "arch/ppc64/layout.h"
#include "arch/ppc64le/words.h"
#include "gtest/gtest.h"
#include "sled/arch.h"
#include "sled/options.h"
#include "sled/policy.h"

namespace luge {
namespace {

using Word = std::array<uint8_t, 4>;

// The sled at SLED whose stub is at STUB, or four zero bytes where it does not reach.
constexpr Word sled(const Layout &layout, bool on, uint64_t sled, uint64_t stub) {
  Word out = {};
  if (!power::encode_sled(layout, on, sled, stub, out.data()))
    return {};
  return out;
}

constexpr Word none = {};
static_assert(sled(ppc64, false, 0x1000, 0x2000) == Word{0x60, 0, 0, 0});
static_assert(sled(ppc64le, false, 0x1000, 0x2000) == Word{0, 0, 0, 0x60});
static_assert(sled(ppc64, true, 0x1000, 0x2004) == Word{0x48, 0x00, 0x10, 0x04});
static_assert(sled(ppc64le, true, 0x1000, 0x2004) == Word{0x04, 0x10, 0x00, 0x48});
static_assert(sled(ppc64, true, 0x2000, 0x1ffc) == Word{0x4b, 0xff, 0xff, 0xfc}, "backwards");
static_assert(sled(ppc64, true, 0, 0x1fffffc) == Word{0x49, 0xff, 0xff, 0xfc});
static_assert(sled(ppc64, true, 0, 0x2000000) == none, "out of reach");
static_assert(sled(ppc64, true, 0x2000000, 0) == Word{0x4a, 0, 0, 0});
static_assert(sled(ppc64, true, 0x2000004, 0) == none, "out of reach");
static_assert(sled(ppc64, true, 0, 0x1002) == none, "no instruction begins there");

constexpr uint8_t mfctr[] = {0x7c, 0x09, 0x02, 0xa6}, mflr[] = {0x7c, 0x08, 0x02, 0xa6};
static_assert(power::is_alternate_stub(ppc64, mfctr) && !power::is_alternate_stub(ppc64, mflr));
static_assert(!power::is_alternate_stub(ppc64le, mfctr), "the other byte order");

// Every line of a stub but labels and the alignment is 4 bytes.
int bytes(const std::string &text) {
  return 4 * static_cast<int>(std::count(text.begin(), text.end(), '\t'));
}

TEST(Powerpc, data_of_a_stub_is_where_the_layout_says) {
  for (const Layout *layout : {&ppc64, &ppc64le})
    for (bool alternate : {false, true}) {
      std::string stub = arch_of(*layout).stub({"t", "slot", "body", alternate});
      std::string before = stub.substr(0, stub.find("t:\n"));
      EXPECT_EQ(-bytes(before.substr(before.find("\t.long"))), layout->stub_slot_ref);
      EXPECT_EQ(-bytes(before.substr(before.find("\tb "))), layout->stub_body_entry);
      // slot = stub + ref + bias + value, and value is slot - stub - 8.
      EXPECT_EQ(layout->stub_slot_ref + layout->stub_slot_bias, 8);
      EXPECT_NE(before.find("\t.long slot - t - 8\n"), before.npos);
    }
}

TEST(Powerpc, layout_is_an_option_where_functions_have_two_entries) {
  Options o;
  EXPECT_EQ(set_options(o, "layout=local nops=4,2").value_or(""), "");
  EXPECT_EQ(o.order, Order::Local);
  EXPECT_EQ(finish_options(o, ppc64le).value_or(""), "");
  EXPECT_EQ(finish_options(o, ppc64).value_or(""),
            "layout=local belongs to ppc64le: on ppc64 every function has one entry");
  EXPECT_EQ(set_options(o, "layout=split").value_or(""), "");
  EXPECT_EQ(finish_options(o, ppc64).value_or(""),
            "layout=split belongs to ppc64le: on ppc64 every function has one entry");
  EXPECT_EQ(set_options(o, "layout=both").value_or(""), "option 'layout=both': want split or local");
}

TEST(Powerpc, distance_of_the_entries_is_a_power_of_two) {
  for (unsigned m = 0; m < 40; ++m) {
    bool possible = m == 0 || m == 2 || m == 6 || m == 14;
    EXPECT_EQ(local_entry_error("f", m, ppc64le).has_value(), !possible) << m;
  }
  EXPECT_EQ(local_entry_error("f", 30, ppc64le).value_or(""),
            "'f': layout=local cannot put 30 NOPs between its global and its local entry; M may be one of "
            "0 2 6 14; or use layout=split");
}

} // namespace
} // namespace luge
