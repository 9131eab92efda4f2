// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LoongArch as assembler text; layout.h has the picture.
#include "arch/loongarch64/layout.h"
#include "sled/arch.h"
#include "sled/module_text.h"

namespace luge {
namespace {

using namespace module_text;

std::string nops(unsigned size) {
  std::string out;
  for (; size; size -= 4)
    out += line("nop");
  return out;
}

std::string prefix_nops(unsigned count) { return nops(4 * count); }

std::string toggle_off(const std::string &) { return nops(4); }

std::string stub(const StubText &s) {
  std::string slot = s.alternate ? "$t2" : "$t0", to = s.alternate ? "$t3" : "$t1";
  return line(".word " + s.slot + " - " + s.entry) + line("b %b26(" + s.body + ")") + s.entry + ":\n" +
         line("pcaddi " + slot + ", 0") + line("ld.w " + to + ", " + slot + ", -8") +
         line("add.d " + slot + ", " + slot + ", " + to) + line("ld.d " + to + ", " + slot + ", 0") +
         line("jr " + to);
}

// The GOT, so that an absent section or runtime is a plain zero in every kind of link.
std::string load_got(const std::string &reg, const std::string &symbol) {
  return line("pcalau12i " + reg + ", %got_pc_hi20(" + symbol + ")") +
         line("ld.d " + reg + ", " + reg + ", %got_pc_lo12(" + symbol + ")");
}

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first.
std::string module_hook(const std::string &name, const std::string &array,
                        const std::string &callee, const std::string &arguments, int now) {
  std::string out = ".L" + name + "_out";
  return comdat(".text." + name, "ax", "progbits", name) + line(".p2align 2") + weak_hidden(name) +
         line(".type " + name + ", %function") + name + ":\n" +
         line(std::string("pcalau12i $t0, %pc_hi20(") + state + ")") +
         line(std::string("addi.d $t0, $t0, %pc_lo12(") + state + ")") + line("ld.bu $t1, $t0, 0") +
         line("ori $t2, $zero, " + std::to_string(now)) + line("beq $t1, $t2, " + out) +
         line("st.b $t2, $t0, 0") + load_got("$t0", callee) + line("beqz $t0, " + out) + arguments +
         line("jr $t0") + out + ":\n" + line("ret") + end_function(name, array, callee, 8, ".dword");
}

std::string registration() {
  std::string bounds =
      load_got("$a0", "__start_luge_sites") + load_got("$a1", "__stop_luge_sites");
  std::string names = load_got("$a2", "__start_luge_names") + load_got("$a3", "__stop_luge_names");
  return symbols() +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register",
                     bounds + names + line("ori $a4, $zero, 1"), 1) + // LUGE_ABI_VERSION
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", bounds, 0);
}

} // namespace

extern const Arch loongarch64_arch = {
    .layout = loongarch64,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = true,
    .registration = registration,
};

} // namespace luge
