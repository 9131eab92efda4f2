// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sled/policy.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <fcntl.h>
#include <unistd.h>

#include "sled/glob.h"
#include "sled/record.h"

namespace luge {
namespace {

using Globs = std::vector<std::string>;

bool any_name(const Globs &globs, const FunctionFacts &f, const std::string &demangled) {
  for (const std::string &g : globs)
    if (name_match(g, f.mangled, demangled))
      return true;
  return false;
}

bool any_file(const Globs &globs, const std::string &file) {
  for (const std::string &g : globs)
    if (glob_match(g, file))
      return true;
  return false;
}

// Only an attribute outranks the globs: it is written at the function itself.
Reason select(const FunctionFacts &f, const Options &o) {
  if (f.naked)
    return Reason::Naked;
  if (f.other_code)
    return Reason::OtherCode;
  if (f.no_instrument)
    return Reason::NoInstrument;
  if (f.patchable)
    return f.patchable->total ? Reason::TakenByAttribute : Reason::ZeroNops;
  if (o.flavour == Flavour::Nop && o.nops.total == 0)
    return Reason::ZeroNops;
  if (f.synthesised)
    return Reason::Synthesised;
  if (f.no_scratch)
    return Reason::NoScratch;
  bool named = !o.include.empty() || !o.exclude.empty();
  std::string demangled = !named ? "" : f.demangled.empty() ? demangle(f.mangled) : f.demangled;
  if (any_name(o.exclude, f, demangled))
    return Reason::Excluded;
  if (any_file(o.exclude_file, f.file))
    return Reason::FileExcluded;
  if (!o.include.empty() && !any_name(o.include, f, demangled))
    return Reason::NotIncluded;
  if (!o.include_file.empty() && !any_file(o.include_file, f.file))
    return Reason::FileNotIncluded;
  if (f.insns < o.min_insns)
    return o.keep_loops && f.has_loop ? Reason::TakenByLoop : Reason::TooSmall;
  return o.include.empty() ? Reason::Taken : Reason::TakenByInclude;
}

bool taken(Reason r) {
  return r == Reason::Taken || r == Reason::TakenByAttribute || r == Reason::TakenByInclude ||
         r == Reason::TakenByLoop;
}

uint8_t record_flags(const FunctionFacts &f) {
  unsigned flags = 0;
  if (f.static_chain)
    flags |= LUGE_SITE_STATIC_CHAIN;
  if (f.return_seen)
    flags |= LUGE_SITE_RETURN_SEEN;
  if (f.returns_twice)
    flags |= LUGE_SITE_RETURNS_TWICE;
  if (f.calls_setjmp)
    flags |= LUGE_SITE_CALLS_SETJMP;
  if (f.special_cc)
    flags |= LUGE_SITE_SPECIAL_CC;
  if (f.no_vectors)
    flags |= LUGE_SITE_NO_VECTORS;
  return static_cast<uint8_t>(flags);
}

} // namespace

const char *reason_text(Reason reason) {
  static const char *const text[] = {
#define REASON(name, words) words,
#include "sled/reasons.def"
#undef REASON
  };
  return text[static_cast<unsigned>(reason)];
}

// Whether a stub behind the function may be out of reach: 8 bytes for an instruction, as some that
// compilers count are two and more.
static bool too_large(const FunctionFacts &f, const Layout &layout) {
  return int64_t{f.insns} * 8 > layout.reach_max;
}

Decision decide(const FunctionFacts &f, const Options &o, const Layout &layout) {
  Decision d;
  d.why = select(f, o);
  d.take = taken(d.why);
  if (!d.take)
    return d;
  d.flavour = o.flavour;
  d.nops = o.nops;
  d.entries = o.entries;
  if (f.patchable) { // the user's own N,M is a nop sled, whatever the rest of the file gets
    d.flavour = Flavour::Nop;
    d.nops = *f.patchable;
    if (d.entries == Entries::Luge) // what such an attribute's reader looks for
      d.entries = Entries::Both;
  }
  unsigned behind = (d.nops.total - d.nops.prefix) * layout.nop_unit;
  if (too_large(f, layout)) { // MIPS beyond some 64 KiB, RISC-V beyond 512 KiB: NOPs for others at most
    d.why = d.flavour == Flavour::Toggle ? Reason::TooLarge : d.why;
    d.take = d.flavour != Flavour::Toggle;
  }
  const bool stubs = !f.no_scratch && !too_large(f, layout);
  d.stub =
      d.flavour == Flavour::Toggle || (stubs && o.stub != Choice::No &&
                                       d.entries != Entries::Pfe && behind >= layout.toggle_size);
  d.exits = o.exits && stubs;
  d.flags = record_flags(f);
  d.stack_args = static_cast<uint8_t>(
      f.stack_args < LUGE_STACK_ARGS_UNKNOWN ? f.stack_args : LUGE_STACK_ARGS_UNKNOWN);
  return d;
}

std::optional<std::string> local_entry_error(const std::string &function, unsigned prefix,
                                             const Layout &layout) {
  unsigned distance = layout.global_entry_code + prefix * layout.nop_unit;
  if (is_power_of_two(distance) && distance <= layout.entry_distance_max)
    return {};
  std::string possible;
  for (unsigned d = layout.global_entry_code; d <= layout.entry_distance_max; d *= 2)
    possible += (possible.empty() ? "" : " ") +
                std::to_string((d - layout.global_entry_code) / layout.nop_unit);
  return "'" + function + "': layout=local cannot put " + std::to_string(prefix) +
         " NOPs between its global and its local entry; M may be one of " + possible +
         "; or use layout=split";
}

std::string demangle(const std::string &mangled) {
  if (mangled.compare(0, 2, "_Z") != 0) // a C function called i or f is not "int" or "float"
    return mangled;
  int status = 0;
  char *text = abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status);
  if (!text || status != 0)
    return mangled;
  std::string out = text;
  std::free(text);
  return out;
}

std::optional<std::string> report_decision(const Options &o, const FunctionFacts &f,
                                           const Decision &d) {
  if (o.report.empty())
    return {};
  std::string name = f.demangled.empty() ? demangle(f.mangled) : f.demangled;
  std::string line = std::string(d.take ? "taken" : "left") + "\t" + reason_text(d.why) + "\t" +
                     f.file + ":" + std::to_string(f.line) + "\t" + name + "\n";
  int fd = open(o.report.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  bool ok = fd >= 0 && write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  std::string error = ok ? "" : "report=" + o.report + ": " + std::strerror(errno);
  if (fd >= 0)
    close(fd);
  if (ok)
    return {};
  return error;
}

} // namespace luge
