// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a sled, a stub and their states are on one architecture, as data.
// arch/<name>/layout.h fills it in; the emitter, the runtime, the tool, the
// tests and docs/formats.md read it. Sizes are in bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace luge {

enum class Flavour : uint8_t { Nop, Toggle };

struct Layout {
  const char *name;        // as in arch/<name>
  bool big_endian;
  unsigned pointer_size;
  unsigned landing_pad;    // ENDBR64, BTI c, ...: always first, never patched; 0 = none exists
  unsigned nop_unit;       // what N and M of nops=N,M count
  unsigned default_nops;   // N of the nop flavour
  unsigned toggle_size;    // bytes of the sled in the toggle flavour; the body begins behind them
  unsigned patch_unit;     // bytes that are stored to switch a nop-flavour sled on
  unsigned patch_word;     // the aligned word that holds them; stored at once
  unsigned toggle_byte;    // bytes that differ between the two toggle states, from the sled's start
  unsigned sled_align;     // where a sled may begin
  unsigned function_align; // of a function with a nop-flavour sled, so that this stays in its word
  bool has_toggle;         // the toggle flavour differs from the nop flavour
  // Functions may have a second entry, behind so much code for calls from elsewhere; 0: they have
  // not. The distance of the two must be a power of two, with NOPs between them too.
  unsigned global_entry_code = 0;
  unsigned entry_distance_max = 0;
  // The int32 that leads from a stub to its slot:
  //   slot = address of the stub + stub_slot_ref + stub_slot_bias + (value << stub_slot_shift)
  // Offsets from the stub's first entry; negative where its data stands before its code.
  int stub_slot_ref;
  int stub_slot_bias;
  unsigned stub_slot_shift;
  int stub_body_entry;     // the second entry (landing pad, branch to the body)
  // Where functions may be in either of two instruction sets (ARM and Thumb): set in the address of
  // a stub that is in the second, whose code addresses have bit 0 set. 0: there is one set.
  unsigned second_set_bit = 0;
  unsigned slot_align;
  int64_t reach_min, reach_max; // displacement range of the sled's branch
};

constexpr bool is_power_of_two(unsigned v) { return v && !(v & (v - 1)); }

constexpr bool well_formed(const Layout &l) {
  return l.name && is_power_of_two(l.pointer_size) && l.nop_unit && l.patch_unit &&
         is_power_of_two(l.patch_word) && l.patch_word >= l.patch_unit &&
         l.patch_unit % l.nop_unit == 0 && l.toggle_byte <= l.patch_unit &&
         l.toggle_size >= l.patch_unit && is_power_of_two(l.sled_align) &&
         is_power_of_two(l.function_align) &&
         (l.second_set_bit == 0 || (is_power_of_two(l.second_set_bit) && l.second_set_bit > 1)) &&
         l.toggle_size % l.nop_unit == 0 && l.stub_body_entry != 0 && l.stub_slot_shift <= 1 &&
         l.slot_align >= 2 * l.pointer_size && l.reach_min < 0 && l.reach_max > 0;
}

// What slot.body of this stub has to be.
constexpr uint64_t body_address(const Layout &l, uint64_t stub) {
  return stub + static_cast<uint64_t>(int64_t{l.stub_body_entry}) + (stub & l.second_set_bit ? 1 : 0);
}

} // namespace luge
