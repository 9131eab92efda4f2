// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RISC-V as assembler text; layout.h has the picture. lpad as the auipc that it
// is: assemblers know the mnemonic only where -march has Zicfilp.
#include "arch/riscv64/layout.h"
#include "sled/arch.h"
#include "sled/module_text.h"

namespace luge {
namespace {

using namespace module_text;

std::string fixed_size(const std::string &text) {
  return line(".option push") + line(".option norvc") + line(".option norelax") + text +
         line(".option pop");
}

std::string nops(unsigned size) {
  std::string out;
  for (; size; size -= 4)
    out += line("nop");
  return out.empty() ? out : fixed_size(out);
}

std::string align() { return line(".p2align 2"); }

std::string prefix_nops(unsigned count) { return nops(4 * count); }

std::string toggle_off(const std::string &) { return nops(4); }

constexpr const char *lpad = "auipc zero, 0";

// The alignment stands outside of norvc, where it would be believed to be there already. LLVM up to
// 16 takes no sum as the target of a jump.
std::string stub(const StubText &s) {
  std::string scratch = s.alternate ? "t4" : "t3", body = s.entry + "b";
  return line(".set " + body + ", " + s.body) + align() +
         fixed_size(line(".word " + s.slot + " - " + s.entry) + line(lpad) + line("j " + body) +
                    s.entry + ":\n" + line("auipc t0, 0") + line("lw " + scratch + ", -12(t0)") +
                    line("add t0, t0, " + scratch) + line("ld " + scratch + ", 0(t0)") +
                    line("jr " + scratch));
}

// `%pcrel_lo` names the auipc, so each has a label.
std::string at_auipc(const std::string &label, const std::string &reg, const char *high,
                     const std::string &symbol) {
  return label + ":\n" + line("auipc " + reg + ", %" + high + "(" + symbol + ")");
}

// The GOT, so that an absent section or runtime is a plain zero in every kind of link.
std::string load_got(const std::string &hook, const std::string &reg, const std::string &symbol) {
  std::string label = ".L" + hook + "_" + reg;
  return at_auipc(label, reg, "got_pcrel_hi", symbol) +
         line("ld " + reg + ", %pcrel_lo(" + label + ")(" + reg + ")");
}

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first.
std::string module_hook(const std::string &name, const std::string &array,
                        const std::string &callee, const std::string &arguments, int now) {
  std::string out = ".L" + name + "_out";
  std::string flag = ".L" + name + "_state";
  return comdat(".text." + name, "ax", "progbits", name) + line(".p2align 2") + weak_hidden(name) +
         line(".type " + name + ", %function") + name + ":\n" + line(".option push") +
         line(".option norvc") + line(lpad) + at_auipc(flag, "t0", "pcrel_hi", state) +
         line("addi t0, t0, %pcrel_lo(" + flag + ")") + line("lbu t1, 0(t0)") +
         line("li t3, " + std::to_string(now)) + line("beq t1, t3, " + out) +
         line("sb t3, 0(t0)") + load_got(name, "t1", callee) + line("beqz t1, " + out) + arguments +
         line("jr t1") + out + ":\n" + line("ret") + line(".option pop") +
         end_function(name, array, callee, 8, ".dword");
}

std::string bounds(const std::string &hook) {
  return load_got(hook, "a0", "__start_luge_sites") + load_got(hook, "a1", "__stop_luge_sites");
}

std::string registration() {
  const std::string ctor = "luge_module_ctor", dtor = "luge_module_dtor";
  std::string names =
      load_got(ctor, "a2", "__start_luge_names") + load_got(ctor, "a3", "__stop_luge_names");
  return symbols() +
         module_hook(ctor, ".init_array.00101", "luge_module_register",
                     bounds(ctor) + names + line("li a4, 1"), 1) + // LUGE_ABI_VERSION
         module_hook(dtor, ".fini_array.00101", "luge_module_unregister", bounds(dtor), 0);
}

} // namespace

extern const Arch riscv64_arch = {
    .layout = riscv64,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = false,
    .registration = registration,
    .align_exit = align,
};

} // namespace luge
