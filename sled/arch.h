// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What arch/<name>/sled_text.cpp says of one architecture as assembler text:
// a const table. A folder with that file is an architecture; sled/CMakeLists.txt
// makes the list. Text means the same to gas 2.40 and to LLVM 14-22, under
// -masm=intel, .set noat, thumb and whatever else a compiler has switched on;
// lines begin with a tab (labels excepted) and end with '\n'.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sled/layout.h"

namespace luge {

struct StubText {
  std::string entry;      // label to define at the stub's first entry
  std::string slot, body; // expressions: the slot, the first byte behind the sled
  bool alternate = false; // the usual scratch register holds the target of an indirect tail call
};

struct Arch {
  const Layout &layout;
  // Executed NOPs: the patch unit first, then as few instructions as possible.
  std::string (*nops)(unsigned bytes);
  // Before the label: data space of the consumer, never executed; `count` in layout.nop_unit.
  std::string (*prefix_nops)(unsigned count);
  // The toggle sled, off: layout.toggle_size bytes.
  std::string (*toggle_off)(const std::string &stub);
  // Both entries of the stub, at the places that the layout gives relative to `entry`.
  std::string (*stub)(const StubText &stub);
  // Whether the stub may stand behind all code of its section (.subsection 1), or only right
  // behind its function, because branches are short.
  bool stub_reaches_far;
  // Constructor and destructor of the link unit, one copy each through COMDAT; record.h.
  std::string (*registration)();
  // Keeps a nop-flavour sled that follows inside its patch word; nullptr where the label's
  // alignment does.
  std::string (*align_patch_unit)() = nullptr;
  // In front of an exit's sled, where code before it may end at any multiple of less than
  // layout.sled_align; optional.
  std::string (*align_exit)() = nullptr;
  // The frame at a function's entry, which is that of every instruction of a stub too: a CIE of
  // .eh_frame behind its length and id, a multiple of 4 bytes, augmentation "zR" with addresses
  // PC-relative in 4 bytes. The compilers' own bytes, so that linkers make one of both.
  // Empty: stubs change the frame, and have no description.
  std::string_view stub_frame = {};
  bool has_stub_frame() const { return stub_reaches_far && !stub_frame.empty(); }
  // The relocation that does nothing, as every assembler of the architecture knows it.
  // nullptr: a linker cannot take it.
  const char *no_relocation = "BFD_RELOC_NONE";
  // The text for functions in the second instruction set (layout.second_set_bit), or nullptr.
  const Arch *second_set = nullptr;
};

std::vector<const Arch *> all_architectures();
const Arch *find_arch(const char *name); // nullptr where there is none
const Arch &arch_of(const Layout &layout);

} // namespace luge
