// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// s390x (z/Architecture, 64-bit): the sled and its stub. Instructions are 2, 4
// or 6 bytes, 2-aligned and big-endian; displacements count halfwords.
//
//   F:                                         there is no landing pad
//   sled:   c0 04 <rel32>  brcl 0, stub        toggle, off: a branch on no condition
//           c0 f4 <rel32>  jg   stub           toggle, on: one byte differs, +-4 GiB
//           c0 04 00000000 brcl 0, .           nop, off: inside one aligned 8-byte word
//           c0 f4 <rel32>  jg   stub           nop, on: one aligned 8-byte store
//   body:   ...
//
//   stub:   stmg %r14, %r1, 96(%r15)           r14, r15, r0, r1 -> 96, 104, 112, 120
//     +6    larl %r14, slot                    r14 = &slot
//     +12   lg   %r1, 0(%r14)
//     +18   br   %r1                           -> trampoline
//     +20   lg   %r1, 120(%r15)                second entry: slot.body
//     +26   jg   body
//
// Only r1 is free at an entry: r0 is the static chain, r14 the return address,
// r2-r6 arguments; and at an exit r1 may hold the target of an indirect tail
// call. So the stub saves what it uses in the 160 bytes that every caller leaves
// to its callee above the stack pointer: before the prologue and behind the
// epilogue nothing is there. The trampoline gives r14 and r0 back and branches
// by r1, which the second entry loads; a trampoline that calls the body from a
// frame of its own lets it load some other r1, which is dead at an entry.
// The condition code is free at both.
//
// N and M count halfwords, as with GCC: the default of 3 is one brcl.
// -mhotpatch=a,b keeps its own NOPs, between the label and the sled; those before
// the label exclude a prefix, which would want their place.
// s390x ELF ABI supplement 1.6, 1.2.2 (registers, register save area);
// Principles of Operation, "Conceptual sequence" (halfword-aligned stores).
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout s390x = {
    .name = "s390x",
    .big_endian = true,
    .pointer_size = 8,
    .landing_pad = 0,
    .nop_unit = 2,
    .default_nops = 3,
    .toggle_size = 6,
    .patch_unit = 6,
    .patch_word = 8,
    .toggle_byte = 2,
    .sled_align = 2,
    .function_align = 8,
    .has_toggle = true,
    .stub_slot_ref = 8,
    .stub_slot_bias = -2,
    .stub_slot_shift = 1,
    .stub_body_entry = 20,
    .slot_align = 16,
    .reach_min = -(int64_t{1} << 32),
    .reach_max = (int64_t{1} << 32) - 2,
};
static_assert(well_formed(s390x));

} // namespace luge
