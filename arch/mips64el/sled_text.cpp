// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MIPS as assembler text; layout.h has the picture.
//
// In `.set noreorder` and `nomacro` alone is an instruction what it says: else gas moves
// our NOP into the delay slot of the next branch, or expands and swaps.
#include "arch/mips64el/text.h"

#include "arch/mips64el/layout.h"
#include "sled/module_text.h"

namespace luge {
namespace mips {
namespace {

using namespace module_text;

std::string as_written(const std::string &text) {
  return line(".set push") + line(".set noreorder") + line(".set nomacro") + line(".set noat") +
         text + line(".set pop");
}

// Moves ra to KEPT and the address of what the literal 4 bytes below NAME names, less 12, to REG.
std::string find_by_pc(const std::string &name, const char *kept, const char *reg, int literal,
                       const Abi &abi) {
  return line(std::string("or ") + kept + ", $31, $0") + line("bal " + name + "p") + line("nop") +
         name + "p:\n" + line(std::string("lw ") + reg + ", " + std::to_string(literal - 12) + "($31)") +
         line(std::string(abi.add) + " " + reg + ", " + reg + ", $31");
}

struct Hook {
  std::string name, array, callee;
  std::vector<std::string> arguments; // symbols; behind them the ABI version, if there are four
  int now;
};

// Words of data that the hook reads: state, callee, arguments. Not the GOT: that takes a gp, and
// abicalls. An absent section or runtime is a plain zero there in every kind of link.
std::string table_text(const Hook &hook, const Layout &layout, const Abi &abi) {
  std::string word = std::string(abi.word) + " ";
  std::string out = comdat(".data.rel.ro." + hook.name, "aw", "progbits", hook.name) +
                    line(".balign " + std::to_string(layout.pointer_size)) + ".L" + hook.name +
                    "_table:\n" + line(word + state) + line(word + hook.callee);
  for (const std::string &argument : hook.arguments)
    out += line(word + argument);
  return out + line(".popsection");
}

std::string call_text(const Hook &hook, const Layout &layout, const Abi &abi) {
  std::string out, load = std::string(abi.load) + " ", store = std::string(abi.store) + " ";
  std::string move_stack = std::string(abi.add_immediate) + " $29, $29, ";
  unsigned reg = 4, at = 2 * layout.pointer_size;
  for (size_t i = 0; i < hook.arguments.size(); ++i, ++reg, at += layout.pointer_size)
    out += line(load + "$" + std::to_string(reg) + ", " + std::to_string(at) + "($13)");
  out += line("addiu $8, $0, 1"); // LUGE_ABI_VERSION, the fifth argument
  out += line(move_stack + "-32") + line(store + "$31, 24($29)");
  if (abi.fifth_on_stack)
    out += line("sw $8, 16($29)");
  return out + line("jalr $25") + line("nop") + line(load + "$31, 24($29)") + line("jr $31") +
         line(move_stack + "32");
}

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first.
std::string module_hook(const Hook &hook, const Layout &layout, const Abi &abi) {
  const std::string &name = hook.name;
  std::string out = ".L" + name + "_out", load = std::string(abi.load) + " ";
  std::string pointer = std::to_string(layout.pointer_size);
  return table_text(hook, layout, abi) + comdat(".text." + name, "ax", "progbits", name) +
         line(".p2align 3") + line(".word .L" + name + "_table - .L" + name + " - 12") +
         weak_hidden(name) + line(".type " + name + ", %function") + name + ":\n.L" + name + ":\n" +
         as_written(find_by_pc(".L" + name, "$12", "$13", -4, abi) + line("or $31, $12, $0") +
                    line(load + "$14, 0($13)") + line("lbu $2, 0($14)") +
                    line("addiu $3, $0, " + std::to_string(hook.now)) + line("beq $2, $3, " + out) +
                    line("nop") + line("sb $3, 0($14)") +
                    line(load + "$25, " + pointer + "($13)") + line("beq $25, $0, " + out) +
                    line("nop") + call_text(hook, layout, abi) + out + ":\n" + line("jr $31") +
                    line("nop")) +
         end_function(name, hook.array, hook.callee, layout.pointer_size, abi.word);
}

} // namespace

std::string nops(unsigned size) {
  std::string out;
  for (; size; size -= 4)
    out += line("nop");
  return out.empty() ? out : as_written(out);
}

std::string prefix_nops(unsigned count) { return nops(4 * count); }

std::string toggle_off(const std::string &) { return nops(8); }

std::string stub(const StubText &s, const Abi &abi) {
  const char *kept = s.alternate ? "$24" : "$12", *slot = s.alternate ? "$2" : "$13";
  std::string target = s.alternate ? "$3" : "$14";
  return as_written(line(".p2align 2") + line(".word " + s.slot + " - " + s.entry + " - 12") +
                    line("b " + s.body) + line("nop") + s.entry + ":\n" +
                    find_by_pc(s.entry, kept, slot, -12, abi) +
                    line(std::string(abi.load) + " " + target + ", 0(" + slot + ")") +
                    line("jr " + target) + line(std::string("or $31, ") + kept + ", $0"));
}

std::string registration(const Layout &layout, const Abi &abi) {
  const std::vector<std::string> all = {"__start_luge_sites", "__stop_luge_sites",
                                        "__start_luge_names", "__stop_luge_names"};
  const std::vector<std::string> sites(all.begin(), all.begin() + 2);
  Hook ctor = {"luge_module_ctor", ".init_array.00101", "luge_module_register", all, 1};
  Hook dtor = {"luge_module_dtor", ".fini_array.00101", "luge_module_unregister", sites, 0};
  return symbols() + module_hook(ctor, layout, abi) + module_hook(dtor, layout, abi);
}

} // namespace mips

extern const Arch mips64el_arch = {
    .layout = mips64el,
    .nops = mips::nops,
    .prefix_nops = mips::prefix_nops,
    .toggle_off = mips::toggle_off,
    .stub = [](const StubText &s) { return mips::stub(s, mips::n64); },
    .stub_reaches_far = false,
    .registration = [] { return mips::registration(mips64el, mips::n64); },
    .no_relocation = "R_MIPS_NONE", // LLVM 14 knows no other name
};

} // namespace luge
