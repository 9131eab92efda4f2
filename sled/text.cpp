// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is the same on every architecture: records, sections, registration.
// Encodings come from arch/<name>/sled_text.cpp.
#include "sled/text.h"

#include "sled/record.h"

namespace luge {
namespace {

std::string line(const std::string &text) { return "\t" + text + "\n"; }

std::string byte_list(std::string_view bytes) {
  std::string out;
  for (char c : bytes)
    out += (out.empty() ? ".byte " : ",") + std::to_string(static_cast<unsigned char>(c));
  return line(out);
}

// ',' separated arguments of .pushsection for a table that lives and dies with the function.
// '?' joins the COMDAT group of the current section, if it has one.
std::string linked_section(const char *name, const char *flags, const std::string &link) {
  return line(std::string(".pushsection ") + name + ",\"" + flags + "o?\",%progbits," + link);
}

std::string relative(const std::string &target) { return line(".long " + target + " - ."); }

std::string padded_string(const std::string &s) {
  std::string out = "\t.ascii \"";
  for (char c : s) { // assembler names: only '"' and '\\' would need care
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  size_t zeros = 4 - s.size() % 4;
  for (size_t i = 0; i < zeros; ++i)
    out += "\\0";
  return out + "\"\n";
}

} // namespace

std::string SledText::label(const char *what) const {
  return ".Lluge_" + std::string(what) + std::to_string(r.id);
}

const Arch &SledText::arch() const {
  const Arch &first = arch_of(*r.layout);
  return r.second_set ? *first.second_set : first;
}

std::string SledText::sled_label() const {
  return label(r.kind == LUGE_SITE_ENTRY ? "s" : "x");
}

std::string SledText::function_label() const {
  return ".Lluge_f" + std::to_string(r.kind == LUGE_SITE_ENTRY ? r.id : r.function_id);
}

std::string SledText::patch_label() const {
  return r.flavour == Flavour::Nop && r.prefix_nops ? label("p") : sled_label();
}

std::string SledText::prefix() const {
  if (r.flavour == Flavour::Toggle || !r.prefix_nops)
    return "";
  return label("p") + ":\n" + arch().prefix_nops(r.prefix_nops);
}

std::string SledText::mark() const { return function_label() + ":\n"; }

bool SledText::has_record() const { return r.entries != Entries::Pfe; }

bool SledText::has_name() const {
  return r.kind == LUGE_SITE_ENTRY && has_record() && !r.name.empty();
}

bool SledText::has_pointer() const {
  return r.kind == LUGE_SITE_ENTRY && r.entries != Entries::Luge && (r.flavour == Flavour::Toggle || r.nops);
}

bool SledText::has_stub() const { return has_record() && (r.flavour == Flavour::Toggle || r.stub); }

std::string SledText::link_label() const {
  return r.link_symbol.empty() ? function_label() : r.link_symbol;
}

// The first of its section, whose label the others link to.
bool SledText::opens_table() const {
  return r.kind == LUGE_SITE_ENTRY && (link_label() == function_label() || link_label() == label("m"));
}

// What is linked to text is used by it, too. Link order alone is lost in `ld -r`: bfd 2.40 links the tables
// of all functions to the first one's text, gold to none, and a later collection of garbage would take them
// away. A relocation that does nothing lets a linker see that live text wants its table.
std::string SledText::ties(const char *place) const {
  if (!arch().no_relocation)
    return "";
  std::string out, tie = std::string(".reloc ") + place + ", " + arch().no_relocation + ", ";
  if (has_record() && opens_table())
    out += line(tie + label("e"));
  if (has_name())
    out += line(tie + label("n"));
  if (has_pointer())
    out += line(tie + label("h"));
  return out;
}

std::string SledText::sled() const {
  std::string align;
  if (r.kind == LUGE_SITE_ENTRY && r.own_frame && has_stub())
    align = line(".cfi_remember_state");
  if (r.kind != LUGE_SITE_ENTRY && arch().align_exit)
    align = arch().align_exit();
  if (r.flavour == Flavour::Toggle)
    return align + sled_label() + ":\n" + arch().toggle_off(label("t"));
  unsigned behind = (r.nops - r.prefix_nops) * r.layout->nop_unit;
  if (arch().align_patch_unit && behind >= r.layout->patch_unit)
    align += arch().align_patch_unit();
  return align + sled_label() + ":\n" + arch().nops(behind);
}

unsigned SledText::sled_lines() const {
  std::string text = sled();
  unsigned lines = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i)
    lines += text[i] == '\t' && (i == 0 || text[i - 1] == '\n');
  return lines;
}

std::string SledText::stub_code() const {
  StubText stub;
  stub.entry = label("t");
  stub.slot = label("r");
  stub.body = sled_label() + " + " + std::to_string(r.layout->toggle_size);
  stub.alternate = r.alternate_stub;
  return arch().stub(stub);
}

std::string SledText::slot_text() const {
  return line(".pushsection .bss.luge_slots,\"aw?\",%nobits") +
         line(".balign " + std::to_string(r.layout->slot_align)) + label("r") + ":\n" +
         line(".zero " + std::to_string(2 * r.layout->pointer_size)) + line(".popsection");
}

// Whatever the frame is at the function's end, here it is that of the entry again, where sled() keeps it.
std::string SledText::stub() const {
  if (!r.own_frame || !has_stub())
    return "";
  return (r.kind == LUGE_SITE_ENTRY ? line(".cfi_restore_state") : "") + stub_code();
}

std::string SledText::record_text(bool stub) const {
  bool toggle = r.flavour == Flavour::Toggle;
  unsigned flags = r.flags | (toggle ? LUGE_SITE_TOGGLE : 0);
  unsigned prefix = toggle ? 0 : r.prefix_nops;
  return linked_section(LUGE_SECTION_SITES, "a", link_label()) + line(".balign 4") +
         (opens_table() ? label("e") + ":\n" : "") +
         relative(sled_label()) + relative(function_label()) +
         (stub ? relative(label("t")) : line(".long 0")) + line(".byte " + std::to_string(r.kind) +
         "," + std::to_string(flags) + "," + std::to_string(prefix < 255 ? prefix : 255) + "," +
         std::to_string(r.stack_args)) + line(".popsection");
}

std::string SledText::tail() const {
  bool stub = has_stub();
  std::string out = stub && !r.own_frame ? stub_code() : "";
  if (!out.empty() && arch().stub_reaches_far)
    out = line(".subsection 1") + out + line(".subsection 0");
  if (stub)
    out += slot_text();
  if (has_record())
    out += record_text(stub);
  if (has_name()) {
    out += linked_section(LUGE_SECTION_NAMES, "a", link_label()) + line(".balign 4") + label("n") + ":\n";
    out += relative(function_label()) + padded_string(r.name) + line(".popsection");
  }
  if (has_pointer()) {
    std::string word = r.layout->pointer_size == 8 ? ".quad " : ".long ";
    out += linked_section("__patchable_function_entries", "aw", link_label());
    out += line(".balign " + std::to_string(r.layout->pointer_size));
    out += label("h") + ":\n" + line(word + patch_label()) + line(".popsection");
  }
  return out;
}

// A raw FDE, since LLVM opens no frame inside that of the function. The section's type is left out: gas wants the
// one that the user's own text or a compiler without .cfi directives says before or behind.
std::string SledText::stub_frame(Frames frames) const {
  std::string_view cie = arch().stub_frame;
  if (cie.empty() || !has_stub() || r.own_frame)
    return "";
  std::string begin = label("t"), end = label("z"), shared = ".Lluge_cie", out = end + ":\n";
  if (arch().stub_reaches_far)
    out = line(frames == Frames::Section ? ".subsection 2" : ".subsection 1") + out + line(".subsection 0");
  if (r.layout->stub_body_entry < 0) // where code begins
    begin += " + " + std::to_string(r.layout->stub_body_entry), end += " - " + std::to_string(r.layout->stub_body_entry);
  out += line(".pushsection .eh_frame,\"a\"") + line(".ifndef " + shared) + shared + ":\n" +
         line(".long " + std::to_string(4 + cie.size()) + ",0") + byte_list(cie) + line(".endif");
  // Length, CIE, address, bytes; no augmentation data and three nops.
  out += line(".long 16, . - " + shared) + relative(begin) + line(".long " + end + " - " + label("t"));
  return out + line(".zero 4") + line(".popsection");
}

std::string SledText::module(const Layout &layout) { return arch_of(layout).registration(); }

SledRequest exit_request(const SledRequest &entry, unsigned id, uint8_t kind, bool unpopped,
                         bool alternate_stub) {
  SledRequest r = entry;
  r.function_id = entry.id;
  r.id = id;
  r.kind = kind;
  r.prefix_nops = 0;
  r.nops = r.layout->toggle_size / r.layout->nop_unit;
  r.flags = static_cast<uint8_t>(entry.flags | (unpopped ? LUGE_SITE_UNPOPPED : 0));
  r.alternate_stub = alternate_stub;
  r.name.clear();
  return r;
}

} // namespace luge
