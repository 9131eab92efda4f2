// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Foreign sleds on x86-64: what -fpatchable-function-entry=N,M of a compiler without Luge's plugin
// leaves, and the stub that the runtime makes for it.
//
//   [M NOPs] F: [endbr64] [N - M NOPs] body      gcc: N times 90; clang: NOPs as long as can be
//
// At least five bytes of NOPs at F become the toggle form of layout.h, off (arming); what is left of
// the last NOP that was touched becomes a NOP of its own. From then on one byte switches. Arming is
// one store where one NOP covers those bytes inside one aligned word; else no second thread may run,
// because it could stand between two NOPs or fetch half of the change.
//
//   stub:   eb 16               jmp  1f
//     +3    <slot - stub - 7>   where layout.h has it, for whoever looks for the slot
//     +10   f3 0f 1e fa         endbr64                second entry
//           4c 8b 5c 24 90      mov  -112(%rsp), %r11
//     +19   e9 <rel32>          jmp  body
//     +24   4c 89 5c 24 90   1: mov  %r11, -112(%rsp)
//           4c 8d 1d <rel32>    lea  slot(%rip), %r11
//           41 ff 23            jmp  *(%r11)
//
// Unlike a function that the plugin saw, this one may have callers that count on every register it
// does not use (gcc's -fipa-ra where the function has the attribute and not the file the option):
// the stub keeps r11 in the red zone of the function, below what trampolines push there, and
// trampoline_foreign.S keeps all others.
// Bytes of NOPs: Intel SDM vol. 2, NOP; red zone: System V psABI, AMD64 supplement, 3.2.2.
#pragma once

#include <cstddef>

#include "arch/x86_64/encode.h"

namespace luge::arch {

inline constexpr size_t kForeignSled = 5, kForeignStub = 40;
inline constexpr uint8_t kForeignSave = static_cast<uint8_t>(-112); // from rsp; trampolines know it
inline constexpr size_t kLongestNop = 15;
inline constexpr size_t kForeignBytes = 4 + 2 * kLongestNop; // that decode_foreign() may look at

// Length of the NOP at p, of which `room` bytes may be read; 0: something else.
constexpr unsigned nop_length(const uint8_t *p, size_t room) {
  size_t i = 0;
  bool plain = true; // 66 prefixes alone
  while (i < room && (p[i] == 0x66 || p[i] == 0x2e))
    plain &= p[i++] == 0x66;
  if (i < room && p[i] == 0x90 && plain)
    return static_cast<unsigned>(i + 1);
  if (i + 3 > room || p[i] != 0x0f || p[i + 1] != 0x1f || (p[i + 2] & 0x38))
    return 0;
  unsigned mode = p[i + 2] >> 6, base = p[i + 2] & 7;
  size_t length = i + 3;
  if (mode != 3 && base == 4) {
    if (length == room)
      return 0;
    base = p[length++] & 7;
  }
  length += mode == 1 ? 1 : mode == 2 || (mode == 0 && base == 5) ? 4 : 0;
  return length <= room && length <= kLongestNop ? static_cast<unsigned>(length) : 0;
}

constexpr bool is_landing_pad(const uint8_t *p) {
  return p[0] == 0xf3 && p[1] == 0x0f && p[2] == 0x1e && p[3] == 0xfa;
}

// Whether this is what compilers put between a record and its function: M NOPs, and with
// -fsanitize=kcfi the type's hash behind them (mov $hash, %eax).
constexpr bool is_prefix(const uint8_t *p, size_t size) {
  for (size_t at = 0; at < size;) {
    unsigned n = nop_length(p + at, size - at);
    if (!n)
      return p[at] == 0xb8 && size - at == 5;
    at += n;
  }
  return true;
}

// What stands at a function's entry.
struct ForeignEntry {
  uint8_t sled = 0;   // from the function's address
  uint8_t length = 0; // of the whole NOPs that hold the sled's bytes; 0: fewer bytes than it needs
  uint8_t nops = 0;   // number of those NOPs
  uint8_t ones = 0;   // how many one-byte NOPs stand there, at most 255
  uint8_t odd = 0;    // too few: the byte that is none of a NOP, perhaps a breakpoint
};

// `code`: the function's bytes, `size` of them.
constexpr ForeignEntry decode_foreign(const uint8_t *code, size_t size) {
  ForeignEntry e;
  if (size >= 4 && is_landing_pad(code))
    e.sled = 4;
  size_t at = e.sled;
  while (at - e.sled < kForeignSled) {
    unsigned n = nop_length(code + at, size - at);
    if (!n) {
      e.odd = at < size ? code[at] : 0;
      return e;
    }
    at += n;
    ++e.nops;
  }
  e.length = static_cast<uint8_t>(at - e.sled);
  while (e.ones < 255 && e.sled + e.ones < size && code[e.sled + e.ones] == 0x90)
    ++e.ones;
  return e;
}

// Whether arming is one store, which threads that run the function may meet.
constexpr bool armed_atomically(uint64_t sled, const ForeignEntry &e) {
  return e.nops == 1 && (sled & 7) + e.length <= 8;
}

// Whether a direct branch in the function leads between the sled's first byte and its end. Every
// byte is taken for an opcode: it may say yes where there is none, never no where there is one.
constexpr bool branches_into(const uint8_t *code, size_t size, size_t sled, size_t length) {
  auto inside = [=](size_t next, int64_t displacement) {
    int64_t to = static_cast<int64_t>(next) + displacement;
    return to > static_cast<int64_t>(sled) && to < static_cast<int64_t>(sled + length);
  };
  auto displacement = [=](size_t at) {
    uint32_t v = 0;
    for (size_t i = 0; i < 4; ++i)
      v |= static_cast<uint32_t>(code[at + i]) << (8 * i);
    return static_cast<int32_t>(v);
  };
  for (size_t i = sled + length; i + 1 < size; ++i) {
    uint8_t op = code[i], next = code[i + 1];
    bool near = (op & 0xf0) == 0x70 || op == 0xeb || (op & 0xfc) == 0xe0;
    if (near && inside(i + 2, static_cast<int8_t>(next)))
      return true;
    if (op == 0xe9 && i + 5 <= size && inside(i + 5, displacement(i + 1)))
      return true;
    if (op == 0x0f && (next & 0xf0) == 0x80 && i + 6 <= size && inside(i + 6, displacement(i + 2)))
      return true;
  }
  return false;
}

// The bytes of an armed sled, off: e.length of them. False where the stub is out of reach.
constexpr bool encode_armed(uint64_t sled, uint64_t stub, const ForeignEntry &e, uint8_t *out) {
  constexpr uint8_t filler[10][9] = {{},
                                     {0x90},
                                     {0x66, 0x90},
                                     {0x0f, 0x1f, 0x00},
                                     {0x0f, 0x1f, 0x40, 0x00},
                                     {0x0f, 0x1f, 0x44, 0x00, 0x00},
                                     {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
                                     {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
                                     {0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
                                     {0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00}};
  if (!encode_sled(Flavour::Toggle, false, sled, stub, out))
    return false;
  for (size_t at = kForeignSled; at < e.length;) {
    size_t n = e.length - at < 9 ? e.length - at : 9;
    for (size_t i = 0; i < n; ++i)
      out[at + i] = filler[n][i];
    at += n;
  }
  return true;
}

constexpr bool put_rel32(uint8_t *out, uint64_t end, uint64_t to) {
  int64_t d = static_cast<int64_t>(to - end);
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<uint8_t>(static_cast<uint64_t>(d) >> (8 * i));
  return d >= x86_64.reach_min && d <= x86_64.reach_max;
}

// kForeignStub bytes; false where slot or body are out of reach.
constexpr bool encode_foreign_stub(uint64_t stub, uint64_t slot, uint64_t body, uint8_t *out) {
  constexpr uint8_t text[kForeignStub] = {
      0xeb, 0x16, 0x90, 0, 0, 0, 0, kBreakpoint, kBreakpoint, kBreakpoint, // jmp 1f; slot
      0xf3, 0x0f, 0x1e, 0xfa, 0x4c, 0x8b, 0x5c, 0x24, kForeignSave, kJump, 0, 0, 0, 0,
      0x4c, 0x89, 0x5c, 0x24, kForeignSave, 0x4c, 0x8d, 0x1d, 0, 0, 0, 0, 0x41, 0xff, 0x23, kBreakpoint};
  for (size_t i = 0; i < kForeignStub; ++i)
    out[i] = text[i];
  return put_rel32(out + 3, stub + 7, slot) && put_rel32(out + 20, stub + 24, body) &&
         put_rel32(out + 32, stub + 36, slot);
}
static_assert(x86_64.stub_slot_ref == 3 && x86_64.stub_slot_bias == 4 && x86_64.stub_body_entry == 10);

constexpr bool is_foreign_stub(const uint8_t *stub) { return stub[0] == 0xeb; }

} // namespace luge::arch
