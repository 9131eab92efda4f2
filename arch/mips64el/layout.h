// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MIPS: the sled and its stub, for n64 (mips64el) and o32 (arch/mipsel).
// Instructions are 4 bytes, 4-aligned; the one behind a branch runs before the
// branch does (the delay slot), so a sled is two words, of which one changes.
//
//   F:      lui, addiu, addu gp       o32 PIC alone (.cpload): _gp_disp is measured from here, so
//                                     nothing may stand before it; the sled and the record follow
//   sled:   nop            00000000   off
//           b   stub       1000....   on: +-128 KiB; beyond, `j` within the 256 MiB region
//           nop                       its delay slot, never changed
//           nop                       nop flavour, N=3: room for `lui at; jalr at, at; li t0`
//   body:   ...
//
//   stub-12: .word slot - (stub + 12)
//   stub-8:  b   body; nop            second entry: slot.body
//   stub:   or   $12, $31, $0         ra aside: bal is the only instruction that tells the pc
//           bal  stub + 12            everywhere from MIPS I to release 6
//           nop
//           lw   $13, -24($31)        the literal
//           daddu $13, $13, $31       $13 = &slot; addu with o32
//           ld   $14, 0($13)          lw with o32
//           jr   $14                  -> trampoline
//           or   $31, $12, $0         ra back, in the delay slot
//
// Free at an entry: $1 (at), $12-$14, $24, and $3 but for o32 PIC of LLVM, which has
// half of gp in $2. Not $15, the static chain, not $25 (t9), from which the prologue
// makes gp. At an exit $2, $3 hold the result. An indirect tail call without abicalls
// may have its target in $12-$14: the alternate stub uses $24, $2 ($2 = &slot), $3.
// The stub stands right behind its function, as `b` is short.
// MIPS ABI supplement (o32), MIPSpro N32/N64 ABI handbook; MIPS64 manual, volume II.
#pragma once

#include "sled/layout.h"

namespace luge {

constexpr Layout mips_layout(const char *name, unsigned pointer_size) {
  return {
      .name = name,
      .big_endian = false,
      .pointer_size = pointer_size,
      .landing_pad = 0,
      .nop_unit = 4,
      .default_nops = 3,
      .toggle_size = 8,
      .patch_unit = 4,
      .patch_word = 4,
      .toggle_byte = 4,
      .sled_align = 4,
      .function_align = 4,
      .has_toggle = false,
      .stub_slot_ref = -12,
      .stub_slot_bias = 24,
      .stub_slot_shift = 0,
      .stub_body_entry = -8,
      .slot_align = 2 * pointer_size,
      .reach_min = -(int64_t{1} << 17) + 4, // from the delay slot
      .reach_max = int64_t{1} << 17,
  };
}

inline constexpr Layout mips64el = mips_layout("mips64el", 8);
static_assert(well_formed(mips64el));

} // namespace luge
