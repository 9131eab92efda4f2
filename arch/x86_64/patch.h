// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a sled is switched: what core/patcher.cpp asks of an architecture. It
// decides which sites, in what order, and how text becomes writable; here is
// what stands in the bytes.
#pragma once

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/encode.h"

namespace luge::arch {


// One sled and the branch it takes when on.
struct Sled {
  uint8_t *at;
  uint32_t displacement;
  Flavour flavour;
};

// False where the stub is out of the branch's reach.
bool describe_sled(uintptr_t sled, uintptr_t stub, Flavour flavour, Sled *out);
SledState state_of(const Sled &sled);
// Writable text: switches by one atomic store if the sled is in the other known state, and only
// then. Returns the state found (Off or On: done).
SledState switch_in_place(const Sled &sled, bool on);
// The same of the toggle flavour. False: it is in neither state, or in the wanted one; nothing was changed.
inline bool switch_toggle(uintptr_t sled, uintptr_t stub, bool on) {
  int32_t displacement;
  __builtin_memcpy(&displacement, reinterpret_cast<const void *>(sled + 1), sizeof displacement);
  return sled + 5 + static_cast<uintptr_t>(intptr_t{displacement}) == stub &&
         replace_uninterrupted(reinterpret_cast<uint8_t *>(sled), on ? kToggleOff : kJump, on ? kJump : kToggleOff);
}
// Text that is written through a file: the bytes to write and where; false where the change
// cannot be made by a one-byte write (nop flavour), which alone is atomic there.
bool switch_bytes(const Sled &sled, bool on, uintptr_t *at, uint8_t *byte);
// The sled lies in one aligned word and so can be switched while threads run.
bool atomic(const Sled &sled);

// Trampolines. args: + kArgsStep * (words - 1), words 1..254.
extern "C" {
void luge_function_entry();
void luge_graph_entry();
void luge_graph_args();
void luge_limited_entry();      // function_graph with limits alone: no foreign code, so no vector registers kept
void luge_count_entry();
void luge_one_entry();          // one callback
void luge_many_entry();         // any users
void luge_many_special_entry(); // the same, keeping every register there is
void luge_foreign_function_entry(); // the same for foreign stubs, which have r11 to keep
void luge_foreign_many_entry();
void luge_one_general_entry();  // where no vector register is live
void luge_many_general_entry();
extern char luge_graph_return[], luge_just_return[];
extern int luge_vector_class; // vector_class(), from before the first site on
extern long luge_data_room; // bytes of data that frames have for graph users; a multiple of 16
}
inline constexpr unsigned kArgsStep = 32;
inline constexpr int kFramePointer = 6; // DWARF number of rbp
// Of one graph user: FGRAPH_MAX_DATA_SIZE and a block's header.
inline constexpr long kGraphDataRoom = 144;

} // namespace luge::arch
