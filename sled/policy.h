// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which function gets which sled. The plugins translate what their compiler
// knows into FunctionFacts; everything is decided here, with a reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sled/options.h"

namespace luge {

struct FunctionFacts {
  std::string mangled;      // assembler name
  std::string demangled;    // filled by decide() where empty
  std::string file;         // as the compiler was given it; may be empty
  unsigned line = 0;
  unsigned insns = 0;       // machine instructions before sleds
  bool has_loop = false;
  bool no_instrument = false;          // __attribute__((no_instrument_function))
  std::optional<Nops> patchable;       // __attribute__((patchable_function_entry(N,M))) or the option
  bool naked = false;
  bool other_code = false;   // in an instruction set of the target that has no sleds
  bool synthesised = false;  // made by the compiler without a body of the user's: no sled
  // What the record says.
  bool static_chain = false;
  bool return_seen = false;
  bool returns_twice = false;
  bool calls_setjmp = false;
  bool special_cc = false;
  bool no_vectors = false;   // known: no vector register is live at the entry
  bool no_scratch = false;   // the stub's scratch register is not free at the entry: no stub
  unsigned stack_args = 0;   // 8-byte words; LUGE_STACK_ARGS_UNKNOWN and above: unknown
};

enum class Reason : uint8_t {
#define REASON(name, text) name,
#include "sled/reasons.def"
#undef REASON
};
const char *reason_text(Reason reason);

struct Decision {
  bool take = false;
  Reason why = Reason::Taken;
  Flavour flavour = Flavour::Nop;
  Nops nops;
  bool stub = false;
  bool exits = false;
  Entries entries = Entries::Luge;
  uint8_t flags = 0; // enum luge_site_flags without LUGE_SITE_TOGGLE
  uint8_t stack_args = 0;
};

Decision decide(const FunctionFacts &facts, const Options &options, const Layout &layout);

// layout=local: why PREFIX NOPs cannot stand before the local entry of FUNCTION, or nothing.
std::optional<std::string> local_entry_error(const std::string &function, unsigned prefix,
                                             const Layout &layout);

// The demangled form of an assembler name; the name itself where it is not mangled.
std::string demangle(const std::string &mangled);

// One line of report=FILE: "taken|left TAB reason TAB file:line TAB name". Appends with
// one write(2), so that parallel compilations do not mix lines. Returns what went wrong.
std::optional<std::string> report_decision(const Options &options, const FunctionFacts &facts,
                                           const Decision &decision);

} // namespace luge
