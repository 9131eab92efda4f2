// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sled, stub, slot and record as assembler text: the one emitter that both
// plugins print from. What is printed where:
//
//   prefix()    before the function label (nops=N,M with M > 0)
//   mark()      at the function label: a local label, since a global symbol can be preempted
//   sled()      behind the landing pad
//   tail()      anywhere later while the function's section is current: stub, slot, records;
//               right behind the function's code where stub_reaches_far is false
//   stub()      with own_frame: behind the function's last instruction, before .cfi_endproc; then
//               of its exits. Else it is part of tail().
//   stub_frame()  behind the tail()s of a function and of its exits, where it has unwind tables
//                 that are right at every instruction: what an unwinder that starts in a stub reads
//   ties()      anywhere while the function's section is current, when link_symbol is known
//   module()    once per assembler file: the registration constructor and destructor
//
// Text is in bytes and labels, never in mnemonics of one dialect, so that
// -masm=intel changes nothing. Lines begin with a tab (labels excepted) and
// end with '\n'. Works with gas 2.40 and the integrated assembler of LLVM 14-22.
#pragma once

#include <cstdint>
#include <string>

#include "sled/arch.h"
#include "sled/options.h"

namespace luge {

struct SledRequest {
  const Layout *layout = nullptr;  // of a folder of arch/
  Flavour flavour = Flavour::Nop;
  unsigned nops = 0;          // N: NOPs in all, in layout->nop_unit (nop flavour)
  unsigned prefix_nops = 0;   // M <= N of them before the label
  bool stub = true;           // nop flavour: emit stub and slot
  Entries entries = Entries::Luge;
  unsigned id = 0;            // unique in the assembler file: names the local labels
  unsigned function_id = 0;   // of an exit: id of the entry's request
  std::string link_symbol;    // symbol in the function's section for SHF_LINK_ORDER; empty: mark()'s label
  uint8_t kind = 0;           // enum luge_site_kind
  bool alternate_stub = false; // StubText::alternate
  bool own_frame = false;     // stub() stands at the end of the function's code, inside its FDE
  bool second_set = false;    // the function is in the second instruction set (Arch::second_set)
  uint8_t flags = 0;          // enum luge_site_flags without LUGE_SITE_TOGGLE
  uint8_t stack_args = 0;
  std::string name;           // mangled name for names=on; empty: none
};

// The request for an exit sled of the function that `entry` is of.
SledRequest exit_request(const SledRequest &entry, unsigned id, uint8_t kind, bool unpopped,
                         bool alternate_stub);

// Which stubs one frame description is for.
enum class Frames {
  Function, // those of the function
  Section,  // those and all of its section that follow, of other functions too
};

class SledText {
public:
  explicit SledText(SledRequest request) : r(std::move(request)) {}

  std::string prefix() const;
  std::string mark() const;
  std::string sled() const;
  std::string tail() const;
  std::string stub() const;
  std::string stub_frame(Frames frames) const;
  std::string ties(const char *place = ".") const; // inside the section: gold wants none at its end
  static std::string module(const Layout &layout);

  // Lines of sled() that occupy space: for compilers that estimate length by lines.
  unsigned sled_lines() const;
  // Local label of the patch unit and of the function entry.
  std::string sled_label() const;
  std::string function_label() const;

private:
  const Arch &arch() const;
  std::string stub_code() const, slot_text() const;
  std::string record_text(bool stub) const;
  bool has_record() const, has_name() const, has_pointer() const; // luge_sites, luge_names, pfe
  bool has_stub() const, opens_table() const;
  std::string link_label() const;
  std::string label(const char *what) const;
  std::string patch_label() const; // where records point: the sled, or the prefix if all NOPs are there
  SledRequest r;
};

} // namespace luge
