// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is the same on every architecture: records, sections, registration.
// Encodings come from arch/<name>/sled_text.h.
#include "sled/text.h"

#include "arch/x86_64/sled_text.h"
#include "sled/record.h"

namespace luge {
namespace {

std::string line(const std::string &text) { return "\t" + text + "\n"; }

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

std::string SledText::sled_label() const { return label("s"); }
std::string SledText::function_label() const { return label("f"); }

std::string SledText::patch_label() const {
  return r.flavour == Flavour::Nop && r.prefix_nops ? label("p") : label("s");
}

std::string SledText::prefix() const {
  if (r.flavour == Flavour::Toggle || !r.prefix_nops)
    return "";
  return label("p") + ":\n" + x86_64_text::prefix_nops(r.prefix_nops);
}

std::string SledText::mark() const { return label("f") + ":\n"; }

std::string SledText::sled() const {
  if (r.flavour == Flavour::Toggle)
    return label("s") + ":\n" + x86_64_text::toggle_off(label("t"));
  unsigned behind = (r.nops - r.prefix_nops) * r.layout->nop_unit;
  std::string align = behind >= r.layout->patch_unit ? x86_64_text::align_patch_unit() : "";
  return align + label("s") + ":\n" + x86_64_text::nops(behind);
}

unsigned SledText::sled_lines() const {
  std::string text = sled();
  unsigned lines = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i)
    lines += text[i] == '\t' && (i == 0 || text[i - 1] == '\n');
  return lines;
}

std::string SledText::tail() const {
  std::string out;
  std::string link = r.link_symbol.empty() ? label("f") : r.link_symbol;
  bool records = r.entries != Entries::Pfe;
  bool stub = records && (r.flavour == Flavour::Toggle || r.stub);
  unsigned behind = r.flavour == Flavour::Toggle
                        ? r.layout->patch_unit
                        : (r.nops - r.prefix_nops) * r.layout->nop_unit;
  if (stub) {
    out += line(".subsection 1");
    // body: the first byte behind the patch unit
    out += label("t") + ":\n" +
           x86_64_text::stub(label("r"), label("s") + " + " + std::to_string(r.layout->patch_unit));
    out += line(".subsection 0");
    out += line(".pushsection .bss.luge_slots,\"aw?\",@nobits");
    out += line(".balign " + std::to_string(r.layout->slot_align));
    out += label("r") + ":\n";
    out += line(".zero " + std::to_string(2 * r.layout->pointer_size));
    out += line(".popsection");
  }
  if (records) {
    unsigned flags = r.flags | (r.flavour == Flavour::Toggle ? LUGE_SITE_TOGGLE : 0);
    out += linked_section(LUGE_SECTION_SITES, "a", link) + line(".balign 4");
    out += relative(label("s")) + relative(label("f"));
    out += stub ? relative(label("t")) : line(".long 0");
    unsigned prefix = r.flavour == Flavour::Toggle ? 0 : r.prefix_nops;
    out += line(".byte " + std::to_string(r.kind) + "," + std::to_string(flags) + "," +
                std::to_string(prefix < 255 ? prefix : 255) + "," + std::to_string(r.stack_args));
    out += line(".popsection");
  }
  if (records && !r.name.empty()) {
    out += linked_section(LUGE_SECTION_NAMES, "a", link) + line(".balign 4");
    out += relative(label("f")) + padded_string(r.name) + line(".popsection");
  }
  if (r.entries != Entries::Luge && (behind || r.prefix_nops)) {
    std::string word = r.layout->pointer_size == 8 ? ".quad " : ".long ";
    out += linked_section("__patchable_function_entries", "aw", link);
    out += line(".balign " + std::to_string(r.layout->pointer_size));
    out += line(word + patch_label()) + line(".popsection");
  }
  return out;
}

std::string SledText::module(const Layout &) { return x86_64_text::registration(); }

} // namespace luge
