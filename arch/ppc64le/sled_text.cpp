// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 64-bit PowerPC as assembler text; layout.h has the picture. Registers are
// bare numbers, as gas wants them without -mregnames.
#include <vector>

#include "arch/ppc64le/layout.h"
#include "arch/ppc64le/text.h"
#include "sled/module_text.h"

namespace luge {
namespace power {
namespace {

using namespace module_text;

// Leaves the address of the label that it defines in r12; r0 is used.
std::string load_here(const std::string &here) {
  return line("mflr 0") + line("bcl 20,31," + here) + here + ":\n" + line("mflr 12") + line("mtlr 0");
}

// NAME and the label of its code: the same, or a descriptor in .opd and a local label. As GCC has
// it for COMDAT functions, the descriptor is in no group: the linker edits .opd.
std::string begin_function(const std::string &name, const std::string &code, Pointers pointers) {
  std::string out = weak_hidden(name);
  if (pointers == Pointers::ToDescriptor)
    out += line(".pushsection .opd,\"aw\",@progbits") + line(".balign 8") + name + ":\n" +
           line(".quad " + code + ",.TOC.@tocbase,0") + line(".popsection");
  return out + line(".type " + name + ", @function") + code + ":\n";
}

// r12 holds the function pointer; the tail call changes r2, which the caller of a function
// pointer restores.
std::string tail_call_r12(Pointers pointers) {
  if (pointers == Pointers::ToCode)
    return line("mtctr 12") + line("bctr");
  return line("ld 0,0(12)") + line("ld 2,8(12)") + line("ld 11,16(12)") + line("mtctr 0") +
         line("bctr");
}

struct Hook {
  std::string name, array;
  std::vector<std::string> table; // the callee, then its arguments from r3 on
  std::string more_arguments;
  int now;
};

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first. It has no
// TOC, so that one text does for every ABI and code model: addresses come from a table of its own,
// in which an absent section or runtime is a plain zero in every kind of link.
std::string module_hook(const Hook &h, Pointers pointers) {
  std::string type = h.array.substr(1, h.array.find('.', 1) - 1);
  std::string table = ".L" + h.name + "_table", here = ".L" + h.name + "_here",
              out_label = ".L" + h.name + "_out",
              code = pointers == Pointers::ToCode ? h.name : ".L" + h.name + "_code";
  auto high = [&](const std::string &to) { return to + "-" + here + "@ha"; };
  auto low = [&](const std::string &to) { return to + "-" + here + "@l"; };
  std::string out = comdat(".data.rel.ro." + h.name, "aw", "progbits", h.name) +
                    line(".balign 8") + table + ":\n";
  for (const std::string &symbol : h.table)
    out += line(".quad " + symbol);
  out += line(".popsection") + line(".weak " + h.table[0]);
  out += comdat(".text." + h.name, "ax", "progbits", h.name) + line(".p2align 2") +
         begin_function(h.name, code, pointers) + load_here(here) +
         line("addis 11,12," + high(state)) + line("addi 11,11," + low(state)) +
         line("lbz 0,0(11)") + line("cmpwi 0," + std::to_string(h.now)) + line("beq " + out_label) +
         line("li 0," + std::to_string(h.now)) + line("stb 0,0(11)") +
         line("addis 11,12," + high(table)) + line("addi 11,11," + low(table)) +
         line("ld 12,0(11)") + line("cmpdi 12,0") + line("beq " + out_label);
  for (size_t i = 1; i < h.table.size(); ++i)
    out += line("ld " + std::to_string(2 + i) + "," + std::to_string(8 * i) + "(11)");
  return out + h.more_arguments + tail_call_r12(pointers) + out_label + ":\n" + line("blr") +
         line(".size " + h.name + ", . - " + code) + line(".popsection") +
         comdat(h.array, "aw", type, h.name) + line(".balign 8") + line(".quad " + h.name) +
         line(".popsection");
}

} // namespace

std::string nops(unsigned size) {
  std::string out;
  for (; size; size -= 4)
    out += line("nop");
  return out;
}

std::string prefix_nops(unsigned count) { return nops(4 * count); }

std::string toggle_off(const std::string &) { return nops(4); }

std::string stub(const StubText &s) {
  std::string reload = s.entry + "_reload", at_8 = s.entry + " + 8";
  std::string out = line(".p2align 2") + line(".long " + s.slot + " - " + s.entry + " - 8") +
                    line("b " + (s.alternate ? reload : s.body)) + s.entry + ":\n";
  if (s.alternate) // 8 bytes more before the address is taken
    out += line("mfctr 0") + line("std 0,8(1)");
  out += line("mflr 0") + line("bcl 20,31," + s.entry + " + " + (s.alternate ? "16" : "8")) +
         line("mflr 12") + line("mtlr 0") + line(s.alternate ? "lwa 0,-24(12)" : "lwa 0,-16(12)") +
         line("add 12,12,0");
  if (s.alternate)
    out += line("addi 12,12,-8");
  out += line("ld 0,0(12)") + line("mtctr 0") + line("bctr");
  if (s.alternate)
    out += reload + ":\n" + line("ld 12,8(1)") + line("mtctr 12") + line("b " + s.body);
  return out;
}

std::string registration(Pointers pointers) {
  std::vector<std::string> bounds = {"__start_luge_sites", "__stop_luge_sites"};
  std::vector<std::string> names = {"__start_luge_names", "__stop_luge_names"};
  Hook constructor = {"luge_module_ctor", ".init_array.00101",
                      {"luge_module_register", bounds[0], bounds[1], names[0], names[1]},
                      line("li 7,1"), // LUGE_ABI_VERSION
                      1};
  Hook destructor = {"luge_module_dtor", ".fini_array.00101",
                     {"luge_module_unregister", bounds[0], bounds[1]}, "", 0};
  return symbols() + module_hook(constructor, pointers) + module_hook(destructor, pointers);
}

} // namespace power

extern const Arch ppc64le_arch = {
    .layout = ppc64le,
    .nops = power::nops,
    .prefix_nops = power::prefix_nops,
    .toggle_off = power::toggle_off,
    .stub = power::stub,
    .stub_reaches_far = true,
    .registration = [] { return power::registration(power::Pointers::ToCode); },
};

} // namespace luge
