// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What arch/TARGET says, for tools that are not C++ (layout.py): build/test/layout-TARGET.
//
//   layout-TARGET      the layout as JSON
//   layout-TARGET off  of each line "FLAVOUR SLED STUB" on stdin (0 nop, 1 toggle; addresses): the bytes
//                      of the sled in its off state, in hexadecimal; "-" where the stub is out of reach
//
// One program for each architecture, since every arch/TARGET/encode.h defines the same names.
#include <cinttypes>
#include <cstdio>
#include <cstring>

#define STRING2(x) #x
#define STRING(x) STRING2(x)
#include STRING(arch/TARGET/encode.h)

using namespace luge;

namespace {

constexpr const Layout &l = arch::layout;

void number(const char *key, int64_t value) { std::printf(", \"%s\": %" PRId64, key, value); }

void describe() {
  std::printf("{\"name\": \"%s\"", l.name);
  number("big_endian", l.big_endian);
  number("pointer_size", l.pointer_size);
  number("landing_pad", l.landing_pad);
  number("nop_unit", l.nop_unit);
  number("default_nops", l.default_nops);
  number("toggle_size", l.toggle_size);
  number("patch_unit", l.patch_unit);
  number("patch_word", l.patch_word);
  number("toggle_byte", l.toggle_byte);
  number("sled_align", l.sled_align);
  number("function_align", l.function_align);
  number("has_toggle", l.has_toggle);
  number("stub_slot_ref", l.stub_slot_ref);
  number("stub_slot_bias", l.stub_slot_bias);
  number("stub_slot_shift", l.stub_slot_shift);
  number("stub_body_entry", l.stub_body_entry);
  number("second_set_bit", l.second_set_bit);
  number("slot_align", l.slot_align);
  number("reach_min", l.reach_min);
  number("reach_max", l.reach_max);
  std::printf("}\n");
}

void print_off_states() {
  unsigned flavour;
  uint64_t sled, stub;
  while (std::scanf("%u %" SCNu64 " %" SCNu64, &flavour, &sled, &stub) == 3) {
    uint8_t bytes[16] = {};
    bool reaches = arch::encode_sled(flavour ? Flavour::Toggle : Flavour::Nop, false, sled, stub, bytes);
    for (unsigned i = 0; reaches && i < l.toggle_size; ++i)
      std::printf("%02x", bytes[i]);
    std::printf(reaches ? "\n" : "-\n");
  }
}

} // namespace

int main(int argc, char **argv) {
  if (argc > 1 && !std::strcmp(argv[1], "off"))
    print_off_states();
  else
    describe();
}
