// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 64-bit PowerPC: the sled and its stub; arch/ppc64 is the same for big-endian
// ELFv1. Instructions are 4 bytes, 4-aligned; one of them is the patch unit.
//
//           [M NOPs]                    layout=split (PR112980), and every function with one entry
//   F:      addis 2,12,.TOC.-F@ha       global entry, of a call through a pointer: r12 = F
//           addi  2,2,.TOC.-F@l         only in functions that use the TOC, only in ELFv2
//           [M NOPs]                    layout=local (PR99888); M = 0, 2, 6, 14
//   local entry:                        of a call from the same module: r2 is set already
//   sled:   nop            60000000     off
//           b   stub       48......     on: +-32 MiB
//           nop                         nop flavour, N=2: room for `mflr 0; bl`
//   body:   mflr 0, ...                 (-mprofile-kernel: mflr 0; bl _mcount)
//
//   stub-4: b     body                  second entry: slot.body
//                                       .long slot - stub - 8 is at stub-8
//   stub:   mflr  0
//           bcl   20,31,stub+8          the form that leaves the return stack in balance
//           mflr  12                    stub + 8
//           mtlr  0
//           lwa   0,-16(12)             the literal
//           add   12,12,0               r12 = &slot
//           ld    0,0(12)
//           mtctr 0
//           bctr                        -> trampoline
//
// The distance between the entries is 2^n instructions, 1 <= n <= 6 (three bits of st_other):
// code of 8 bytes sets the TOC up, so M + 2 must be 2, 4, 8 or 16.
//
// Free at an entry and at an exit: r0, r12 and CTR. r11 is the static chain, in
// ELFv1 the environment; r2 is of no use to a function without a TOC. At an
// indirect tail call r12 and CTR hold the target: the alternate stub first does
// `mfctr 0; std 0,8(1)` and its second entry reloads both. 8(1) is where the
// caller keeps room for the CR of whom it calls; every exit has restored it by
// then. So a trampoline at an exit must not write 8(1). At an exit marked
// LUGE_SITE_UNPOPPED (-Os, `b _restgpr0_N`) the return address is still at
// 16(1) and saved registers in the red zone: neither is to be written.
// Power ISA 3.1B Book I 2.4 (b, bcl), Book II 4.6.2.2 (concurrent modification: b and nop may
// replace each other); ELFv2 ABI 1.5: 2.2.1 (registers), 2.3.2 (entries), 3.4.1 (st_other).
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout ppc64le = {
    .name = "ppc64le",
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
    .global_entry_code = 8,
    .entry_distance_max = 64,
    .stub_slot_ref = -8,
    .stub_slot_bias = 16,
    .stub_slot_shift = 0,
    .stub_body_entry = -4,
    .slot_align = 16,
    .reach_min = -(int64_t{1} << 25),
    .reach_max = (int64_t{1} << 25) - 4,
};
static_assert(well_formed(ppc64le));

} // namespace luge
