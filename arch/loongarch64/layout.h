// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LoongArch, 64-bit: the sled and its stub. Instructions are 4 bytes, 4-aligned
// and little-endian; one of them is the patch unit.
//
//   F:                                there is no landing pad
//   sled:   nop        03400000       off
//           b   stub   5.......       on: +-128 MiB
//           nop                       nop flavour, N=2: room for a move and a call
//   body:   ...
//
//   stub-4:  b  body                  second entry: slot.body
//                                     .word slot - stub   is at stub-8
//   stub:   pcaddi $t0, 0             t0 = stub
//           ld.w   $t1, $t0, -8       the literal
//           add.d  $t0, $t0, $t1      t0 = &slot
//           ld.d   $t1, $t0, 0
//           jr     $t1                -> trampoline
//
// Free at an entry and at an exit: t0-t8 (r12-r20), of which t8 is the static
// chain and LLVM takes any for the target of an indirect tail call: before one
// through t0 or t1 the stub uses t2 and t3. Instructions are fetched as whole
// words; other cores need an `ibar`, as after any change of code.
// LoongArch psABI (procedure calling standard); LoongArch reference manual
// vol. 1, 2.2 (B, JIRL, PCADDI), 2.2.8 (IBAR).
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout loongarch64 = {
    .name = "loongarch64",
    .big_endian = false,
    .pointer_size = 8,
    .landing_pad = 0,
    .nop_unit = 4,
    .default_nops = 2,
    .toggle_size = 4,
    .patch_unit = 4,
    .patch_word = 4,
    .toggle_byte = 4,
    .sled_align = 4,
    .function_align = 4,
    .has_toggle = false,
    .stub_slot_ref = -8,
    .stub_slot_bias = 8,
    .stub_slot_shift = 0,
    .stub_body_entry = -4,
    .slot_align = 16,
    .reach_min = -(int64_t{1} << 27),
    .reach_max = (int64_t{1} << 27) - 4,
};
static_assert(well_formed(loongarch64));

} // namespace luge
