// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RISC-V, 64 bit: the sled and its stub. Instructions are little-endian, 4 bytes,
// or 2 with the C extension; ours are 4 bytes whatever -march says, and stay so
// (.option norvc, norelax).
//
//   F:      lpad                      only with Zicfilp (-fcf-protection=branch)
//   sled:   nop            00000013   off; 4-aligned, so F is, and one store changes it
//           j   stub       .....06f   on: +-1 MiB
//           nop                       nop flavour, N=2: room for `auipc t0; jalr t0, t0`
//   body:   ...
//
//   stub-8:  lpad 0                   second entry: slot.body; without Zicfilp `auipc zero` does
//           j   body                  nothing. .word slot - stub is at stub-12
//   stub:   auipc t0, 0
//           lw   t3, -12(t0)          the literal
//           add  t0, t0, t3           t0 = &slot
//           ld   t3, 0(t0)
//           jr   t3                   -> trampoline; with Zicfilp it begins with lpad
//
// Not `jr t0`: a jump through x1 or x5 is a return to the predictor (unprivileged
// ISA, "Unconditional Jumps"). The alternate stub has t4 in place of t3, for an
// indirect tail call whose target is in t3. Free at an entry and at an exit: t0,
// t3-t6; not t1, the target of most indirect tail calls, and not t2, the static
// chain and the label that lpad compares. The stub stands right behind its
// function, as `j` is short. An exit's sled is aligned by .p2align in front of it, which the
// linker keeps true while it relaxes (R_RISCV_ALIGN).
// RISC-V psABI (register and calling conventions, relaxation); unprivileged ISA 2.5 (JAL), Zicfilp.
#pragma once

#include "sled/layout.h"

namespace luge {

inline constexpr Layout riscv64 = {
    .name = "riscv64",
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
    .reach_min = -(int64_t{1} << 20),
    .reach_max = (int64_t{1} << 20) - 2,
};
static_assert(well_formed(riscv64));

} // namespace luge
