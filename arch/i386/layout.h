// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i386: the sled and its stub. The sled is that of x86-64.
//
//   F:      f3 0f 1e fb         endbr32               only with -fcf-protection=branch
//   sled:   3d <rel32>          cmp $rel32, %eax      toggle, off: one micro-op, changes flags,
//           e9 <rel32>          jmp stub              toggle, on   which are dead at an entry
//           0f 1f 44 00 00      nopl 0(%eax,%eax)     nop, off: inside one aligned 8-byte word
//           e9 <rel32>          jmp stub              nop, on: one aligned 8-byte store
//   body:   ...
//
//   stub:   50                  push %eax             (behind the function: .subsection 1)
//     +1    e8 00 00 00 00      call .+5              there is no other way to ask for one's
//     +6    58                  pop  %eax             own address; processors know this one
//     +7    05 <imm32>          add  $slot - (stub + 6), %eax
//     +12   ff 20               jmp  *(%eax)          -> trampoline
//     +14   f3 0f 1e fb         endbr32               second entry: slot.body
//     +18   e9 <rel32>          jmp  body
//
// No register is free: eax, edx and ecx may all be arguments (regparm; GCC gives
// that to static functions by itself), ecx is the static chain, and at an exit
// eax and edx are results or the target of a tail call. So the true eax is on
// the stack, which has no red zone, when the trampoline gets &slot in eax; it
// goes on by exchanging the stack's top with slot.body and `ret`.
//
// A nested function with regparm(3) has its chain pushed by its trampoline,
// which enters behind a push at the label: such functions have no sled.
// NOPs of 0f 1f exist since the Pentium Pro (i686); i386 to i586 are not served.
// System V psABI, Intel386 supplement 1.1, 2.2 and 2.3; Intel SDM vol. 2.
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout i386 = {
    .name = "i386",
    .big_endian = false,
    .pointer_size = 4,
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
    .stub_slot_ref = 8,
    .stub_slot_bias = -2,
    .stub_slot_shift = 0,
    .stub_body_entry = 14,
    .slot_align = 8,
    .reach_min = INT32_MIN,
    .reach_max = INT32_MAX,
};
static_assert(well_formed(i386));

} // namespace luge
