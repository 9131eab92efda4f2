// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64 encoders and decoders of the sled: pure, constexpr, refusing rather
// than truncating; tested on every host. layout.h has the picture.
#pragma once

#include <cstdint>

#include "arch/x86_64/layout.h"

namespace luge::arch {

inline constexpr const Layout &layout = x86_64;

inline constexpr uint8_t kToggleOff = 0x3d; // cmp $imm32, %eax
inline constexpr uint8_t kJump = 0xe9;      // jmp rel32
inline constexpr uint8_t kNop5[5] = {0x0f, 0x1f, 0x44, 0x00, 0x00};
inline constexpr uint8_t kBreakpoint = 0xcc;

// Displacement of a 5-byte branch at `from`; false where it does not reach.
constexpr bool encode_rel32(uint64_t from, uint64_t to, uint32_t *out) {
  int64_t d = static_cast<int64_t>(to - (from + 5));
  if (d < x86_64.reach_min || d > x86_64.reach_max)
    return false;
  *out = static_cast<uint32_t>(d);
  return true;
}

enum class SledState : uint8_t { Off, On, Breakpoint, Foreign };

constexpr bool has_displacement(const uint8_t *sled, uint32_t d) {
  return sled[1] == (d & 0xff) && sled[2] == (d >> 8 & 0xff) && sled[3] == (d >> 16 & 0xff) &&
         sled[4] == d >> 24;
}

// What stands at a sled whose branch, when on, has displacement `d`.
constexpr SledState decode_sled(Flavour flavour, const uint8_t *sled, uint32_t d) {
  if (sled[0] == kBreakpoint)
    return SledState::Breakpoint;
  if (sled[0] == kJump && has_displacement(sled, d))
    return SledState::On;
  if (flavour == Flavour::Toggle)
    return sled[0] == kToggleOff && has_displacement(sled, d) ? SledState::Off : SledState::Foreign;
  for (int i = 0; i < 5; ++i)
    if (sled[i] != kNop5[i])
      return SledState::Foreign;
  return SledState::Off;
}

// The aligned 8-byte word around a nop sled at byte `offset` of it, with the other state.
// `word` is its present value; the bytes that are not the sled's stay.
constexpr uint64_t switch_word(uint64_t word, unsigned offset, bool on, uint32_t d) {
  uint64_t sled = 0;
  if (on)
    sled = kJump | static_cast<uint64_t>(d) << 8;
  else
    for (int i = 0; i < 5; ++i)
      sled |= static_cast<uint64_t>(kNop5[i]) << (8 * i);
  uint64_t mask = 0xffffffffffull << (8 * offset);
  return (word & ~mask) | sled << (8 * offset);
}

// The toggle_size bytes of a sled at address `sled` whose stub is at `stub`, switched on or off;
// false where the branch does not reach.
constexpr bool encode_sled(Flavour flavour, bool on, uint64_t sled, uint64_t stub, uint8_t *out) {
  uint32_t d = 0;
  if (!encode_rel32(sled, stub, &d))
    return false;
  for (int i = 0; i < 5; ++i)
    out[i] = flavour == Flavour::Nop && !on ? kNop5[i]
             : i                            ? static_cast<uint8_t>(d >> (8 * (i - 1)))
             : on                           ? kJump
                                            : kToggleOff;
  return true;
}

// Whether a stub brings its slot in r10 and not in r11.
constexpr bool is_alternate_stub(const uint8_t *stub) { return stub[2] == 0x15; }

} // namespace luge::arch
