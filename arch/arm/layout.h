// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ARM (32 bits, little-endian): the sled and its stub, in ARM and in Thumb-2
// code. One 4-byte instruction, 4-aligned, is the patch unit in both.
//
//   F:      nop        e320f000   ARM      off
//           nop.w      f3af 8000  Thumb
//           b   stub   ea......   ARM      on: the branch of Thumb is the shorter, +-16 MiB,
//           b.w stub   f... 9...  Thumb    and counts for both
//           nop                   nop flavour, N=2: room for `push {lr}; bl` as for others
//   body:   ...
//
//   stub-8: .word slot - (stub + 16)
//   stub-4: b     body            second entry: slot.body
//   stub:   push  {ip, lr}        [sp] = the true ip, [sp, 4] = room for the trampoline
//           ldr   ip, stub-8
//           nop.w                 Thumb only: pc is 8 bytes on in ARM code, 4 in Thumb
//           add   ip, pc          ip = &slot
//           ldr   pc, [ip]        -> trampoline
//
// No register is free: r0-r3 may be arguments, ip the static chain or the target of an
// indirect tail call, lr the return address. So the stub saves ip, and a trampoline stores
// slot.body to [sp, 4] and goes on by `pop {ip, pc}`. Arguments on the stack are at [sp, 8].
//
// A function is ARM or Thumb code (-marm, -mthumb, __attribute__((target))), and so is its
// stub: at 0 modulo 8 it is ARM code, at 4 Thumb code, which tells a consumer which of the two
// to write. slot.trampoline and slot.body are addresses for an interworking load to pc: with
// bit 0 set where the code is Thumb. The addresses in the records are those of the bytes.
// NOPs before the label are data, never executed: ARM NOPs in both.
// AAPCS32 6.1 (registers), 6.4 (interworking); Arm ARM A4.2, A8.8 (B, NOP, PUSH, LDR literal).
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout arm = {
    .name = "arm",
    .big_endian = false,
    .pointer_size = 4,
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
    .stub_slot_bias = 24,
    .stub_slot_shift = 0,
    .stub_body_entry = -4,
    .second_set_bit = 4,
    .slot_align = 8,
    .reach_min = -(int64_t{1} << 24) + 4,
    .reach_max = int64_t{1} << 24,
};
static_assert(well_formed(arm));

} // namespace luge
