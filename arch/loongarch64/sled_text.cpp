// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LoongArch as assembler text; layout.h has the picture.
#include "arch/loongarch64/layout.h"
#include "sled/arch.h"

namespace luge {
namespace {

std::string line(const std::string &text) { return "\t" + text + "\n"; }

std::string nops(unsigned size) {
  std::string out;
  for (; size; size -= 4)
    out += line("nop");
  return out;
}

std::string prefix_nops(unsigned count) { return nops(4 * count); }

std::string align_patch_unit() { return ""; }

std::string toggle_off(const std::string &) { return nops(4); }

std::string stub(const StubText &s) {
  std::string slot = s.alternate ? "$t2" : "$t0", to = s.alternate ? "$t3" : "$t1";
  return line(".word " + s.slot + " - " + s.entry) + line("b %b26(" + s.body + ")") + s.entry + ":\n" +
         line("pcaddi " + slot + ", 0") + line("ld.w " + to + ", " + slot + ", -8") +
         line("add.d " + slot + ", " + slot + ", " + to) + line("ld.d " + to + ", " + slot + ", 0") +
         line("jr " + to);
}

std::string comdat(const std::string &section, const char *flags, const std::string &type,
                   const std::string &name) {
  return line(".pushsection " + section + ",\"" + flags + "G\",%" + type + "," + name + ",comdat");
}

std::string weak_hidden(const std::string &name) {
  return line(".weak " + name) + line(".hidden " + name);
}

// The GOT, so that an absent section or runtime is a plain zero in every kind of link.
std::string load_got(const std::string &reg, const std::string &symbol) {
  return line("pcalau12i " + reg + ", %got_pc_hi20(" + symbol + ")") +
         line("ld.d " + reg + ", " + reg + ", %got_pc_lo12(" + symbol + ")");
}

constexpr const char *state = "luge_module_state";

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first.
std::string module_hook(const std::string &name, const std::string &array,
                        const std::string &callee, const std::string &arguments, int now) {
  std::string type = array.substr(1, array.find('.', 1) - 1), out = ".L" + name + "_out";
  return comdat(".text." + name, "ax", "progbits", name) + line(".p2align 2") + weak_hidden(name) +
         line(".type " + name + ", %function") + name + ":\n" +
         line(std::string("pcalau12i $t0, %pc_hi20(") + state + ")") +
         line(std::string("addi.d $t0, $t0, %pc_lo12(") + state + ")") + line("ld.bu $t1, $t0, 0") +
         line("ori $t2, $zero, " + std::to_string(now)) + line("beq $t1, $t2, " + out) +
         line("st.b $t2, $t0, 0") + load_got("$t0", callee) + line("beqz $t0, " + out) + arguments +
         line("jr $t0") + out + ":\n" + line("ret") + line(".size " + name + ", . - " + name) +
         line(".popsection") + line(".weak " + callee) + comdat(array, "aw", type, name) +
         line(".balign 8") + line(".dword " + name) + line(".popsection");
}

std::string registration() {
  std::string bounds =
      load_got("$a0", "__start_luge_sites") + load_got("$a1", "__stop_luge_sites");
  std::string names = load_got("$a2", "__start_luge_names") + load_got("$a3", "__stop_luge_names");
  std::string weak;
  for (const char *s :
       {"__start_luge_sites", "__stop_luge_sites", "__start_luge_names", "__stop_luge_names"})
    weak += weak_hidden(s);
  std::string flag = weak_hidden(state) + comdat(std::string(".bss.") + state, "aw", "nobits", state) +
                     state + ":\n" + line(".zero 1") + line(".popsection");
  return weak + flag +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register",
                     bounds + names + line("ori $a4, $zero, 1"), 1) + // LUGE_ABI_VERSION
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", bounds, 0);
}

} // namespace

extern const Arch loongarch64_arch = {
    .layout = loongarch64,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .align_patch_unit = align_patch_unit,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = true,
    .registration = registration,
};

} // namespace luge
