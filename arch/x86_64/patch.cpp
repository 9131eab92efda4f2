// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Switching sleds on x86-64. Toggle: the first byte, by a compare-and-exchange in one instruction, so
// that a breakpoint is not lost that a debugger puts there while it has stopped this thread; no
// other thread writes text, so no bus lock is needed. Nop: the aligned 8-byte
// word around the sled. No other store ever reaches text. Intel SDM vol. 3, 9.1.3 (cross-modifying
// code) sanctions neither without serialisation; the batch ends with membarrier(SYNC_CORE), and
// instruction boundaries never change, so either version may execute until then.
#include "arch/x86_64/patch.h"

#include "arch/x86_64/cpu.h"

namespace luge::arch {

extern "C" {
int luge_vector_class = 0;
long luge_data_room = 0;
}

namespace {

uint64_t *word_of(const Sled &s) {
  return reinterpret_cast<uint64_t *>(reinterpret_cast<uintptr_t>(s.at) & ~uintptr_t(7));
}
unsigned offset_of(const Sled &s) { return reinterpret_cast<uintptr_t>(s.at) & 7; }

} // namespace

bool describe_sled(uintptr_t sled, uintptr_t stub, Flavour flavour, Sled *out) {
  out->at = reinterpret_cast<uint8_t *>(sled);
  out->flavour = flavour;
  return encode_rel32(sled, stub, &out->displacement);
}

SledState state_of(const Sled &s) { return decode_sled(s.flavour, s.at, s.displacement); }

bool atomic(const Sled &s) { return s.flavour == Flavour::Toggle || offset_of(s) <= 3; }

SledState switch_in_place(const Sled &s, bool on) {
  if (s.flavour == Flavour::Toggle) { // the common case: one compare of the displacement, one exchange
    uint32_t displacement;
    __builtin_memcpy(&displacement, s.at + 1, sizeof displacement);
    uint8_t expected = on ? kToggleOff : kJump;
    if (displacement == s.displacement && replace_uninterrupted(s.at, expected, on ? kJump : kToggleOff))
      return on ? SledState::On : SledState::Off;
    return state_of(s);
  }
  SledState found = state_of(s), wanted = on ? SledState::On : SledState::Off;
  if ((found != SledState::Off && found != SledState::On) || found == wanted)
    return found;
  uint64_t *word = word_of(s), expected = __atomic_load_n(word, __ATOMIC_RELAXED);
  if (decode_sled(s.flavour, reinterpret_cast<uint8_t *>(&expected) + offset_of(s), s.displacement) == found)
    __atomic_compare_exchange_n(word, &expected, switch_word(expected, offset_of(s), on, s.displacement),
                                false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
  return state_of(s);
}

bool switch_bytes(const Sled &s, bool on, uintptr_t *at, uint8_t *byte) {
  if (s.flavour != Flavour::Toggle)
    return false;
  *at = reinterpret_cast<uintptr_t>(s.at);
  *byte = on ? kJump : kToggleOff;
  return true;
}

} // namespace luge::arch
