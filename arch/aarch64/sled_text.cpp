// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AArch64 as assembler text; layout.h has the picture. BTI as `hint`: assemblers
// know the mnemonic only where the architecture level allows it.
#include "arch/aarch64/layout.h"
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

constexpr const char *bti_c = "hint #34";

// A .word in text begins data for a disassembler; an instruction behind it is code again.
std::string stub(const StubText &s) {
  std::string slot = s.alternate ? "x16" : "x9", to = s.alternate ? "x17" : "x10";
  return line(".p2align 2") + line(".word " + s.slot + " - " + s.entry) + line(bti_c) +
         line("b " + s.body) + s.entry + ":\n" + line("adr " + slot + ", " + s.entry) +
         line("ldrsw " + to + ", " + s.entry + " - 12") + line("add " + slot + ", " + slot + ", " + to) +
         line("ldr " + to + ", [" + slot + "]") + line("br " + to);
}

// The GOT, so that an absent section or runtime is a plain zero in every kind of link.
std::string load_got(const std::string &reg, const std::string &symbol) {
  return line("adrp " + reg + ", :got:" + symbol) +
         line("ldr " + reg + ", [" + reg + ", :got_lo12:" + symbol + "]");
}

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first.
std::string module_hook(const std::string &name, const std::string &array,
                        const std::string &callee, const std::string &arguments, int now) {
  std::string out = ".L" + name + "_out";
  return comdat(".text." + name, "ax", "progbits", name) + line(".p2align 2") + weak_hidden(name) +
         line(".type " + name + ", %function") + name + ":\n" + line(bti_c) +
         line(std::string("adrp x9, ") + state) +
         line(std::string("ldrb w10, [x9, :lo12:") + state + "]") +
         line("cmp w10, #" + std::to_string(now)) + line("b.eq " + out) +
         line("mov w10, #" + std::to_string(now)) +
         line(std::string("strb w10, [x9, :lo12:") + state + "]") + load_got("x9", callee) +
         line("cbz x9, " + out) + arguments + line("br x9") + out + ":\n" + line("ret") +
         end_function(name, array, callee, 8, ".xword");
}

std::string registration() {
  std::string bounds =
      load_got("x0", "__start_luge_sites") + load_got("x1", "__stop_luge_sites");
  std::string names = load_got("x2", "__start_luge_names") + load_got("x3", "__stop_luge_names");
  return symbols() +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register",
                     bounds + names + line("mov w4, #1"), 1) + // LUGE_ABI_VERSION
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", bounds, 0);
}

} // namespace

extern const Arch aarch64_arch = {
    .layout = aarch64,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = true,
    .registration = registration,
};

} // namespace luge
