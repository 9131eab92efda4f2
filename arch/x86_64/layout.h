// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64: the sled and its stub.
//
//   F:      f3 0f 1e fa         endbr64               only with -fcf-protection=branch
//   sled:   3d <rel32>          cmp $rel32, %eax      toggle, off: one micro-op, changes flags,
//           e9 <rel32>          jmp stub              toggle, on   which are dead at an entry
//           0f 1f 44 00 00      nopl 0(%rax,%rax)     nop, off: inside one aligned 8-byte word
//           e9 <rel32>          jmp stub              nop, on: one aligned 8-byte store
//   body:   ...
//
//   stub:   4c 8d 1d <rel32>    lea  slot(%rip), %r11  (behind the function)
//     +7    41 ff 23            jmp  *(%r11)           -> trampoline, r11 = &slot
//     +10   f3 0f 1e fa         endbr64                second entry: slot.body
//     +14   e9 <rel32>          jmp  body
//
//   exit:   sled as above, directly before ret or jmp; its stub returns behind the sled. Before
//           an indirect tail call through r11 the stub uses r10 (4c 8d 15, 41 ff 22).
//
// In every instruction of a stub the frame is that of an entry: CFA = rsp + 8, return address at
// CFA - 8, of an exit's too. Where it stands and which FDE says so: docs/formats.md.
//
// The two toggle states differ in one byte, so a store needs no alignment: no
// thread can see half an instruction even when it straddles a cache line. r11
// is the one register the System V psABI leaves free at an entry (r10 is the
// static chain, rax counts vector arguments of variadic calls).
// System V psABI, AMD64 supplement, 3.2.3; Intel SDM vol. 2 (ENDBR64, NOP).
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout x86_64 = {
    .name = "x86_64",
    .big_endian = false,
    .pointer_size = 8,
    .landing_pad = 4,
    .nop_unit = 1,
    .default_nops = 5,
    .toggle_size = 5,
    .patch_unit = 5,
    .patch_word = 8,
    .toggle_byte = 1,
    .sled_align = 1,
    .function_align = 8,
    .has_toggle = true,
    .stub_slot_ref = 3,
    .stub_slot_bias = 4,
    .stub_slot_shift = 0,
    .stub_body_entry = 10,
    .slot_align = 16,
    .reach_min = INT32_MIN,
    .reach_max = INT32_MAX,
};
static_assert(well_formed(x86_64));

} // namespace luge
