// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AArch64: the sled and its stub. Instructions are 4 bytes, 4-aligned and
// little-endian; one of them is the patch unit.
//
//   F:      bti c                     only with -mbranch-protection=bti, for functions whose
//                                     address is taken or that are global
//   sled:   nop            d503201f   off
//           b   stub       14......   on: +-128 MiB
//           nop                       nop flavour, N=2: room for `mov x9, x30; bl`
//   body:   paciasp, ...              the link register is unsigned in the sled
//
//   stub-8:  bti c                    second entry: slot.body
//           (b  body is at stub-4)    .word slot - stub   is at stub-12
//   stub:   adr  x9, stub
//           ldrsw x10, stub-12        the literal
//           add  x9, x9, x10          x9 = &slot
//           ldr  x10, [x9]
//           br   x10                  -> trampoline; it begins with bti jc or bti j
//
// B, BL and NOP are among the instructions that may be changed while another
// core executes them (Arm ARM B2.2.5); only visibility needs cache maintenance.
// Free at an entry and at an exit: x9-x15 (AAPCS64 6.1.1) and x16, x17, where an
// indirect tail call of GCC, and with BTI of LLVM, has its target. Without BTI
// LLVM takes any free register: before such a call through x9-x15 the stub uses
// x16 and x17 for x9 and x10, and the trampoline may change those two alone.
// x8 is the address of a struct result, x18 the platform's and GCC's static chain.
// AAPCS64 6.1; Arm ARM C6.2 (B, ADR, LDRSW, BTI).
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout aarch64 = {
    .name = "aarch64",
    .big_endian = false,
    .pointer_size = 8,
    .landing_pad = 4,
    .nop_unit = 4,
    .default_nops = 2,
    .toggle_size = 4,
    .patch_unit = 4,
    .patch_word = 4,
    .toggle_byte = 4,
    .sled_align = 4,
    .function_align = 4,
    .has_toggle = false,
    .stub_slot_ref = -12,
    .stub_slot_bias = 12,
    .stub_slot_shift = 0,
    .stub_body_entry = -8,
    .slot_align = 16,
    .reach_min = -(int64_t{1} << 27),
    .reach_max = (int64_t{1} << 27) - 4,
};
static_assert(well_formed(aarch64));

} // namespace luge
