// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ARM and Thumb-2 as assembler text; layout.h has the picture. The sled's text
// is printed where GCC may have switched to divided syntax: only directives. All
// else is unified syntax, and what is printed once a unit means the same in both
// instruction sets.
#include "arch/arm/layout.h"
#include "sled/arch.h"
#include "sled/module_text.h"

namespace luge {
namespace {

using namespace module_text;

std::string repeat(const char *text, unsigned size) {
  std::string out;
  for (; size; size -= 4)
    out += line(text);
  return out;
}

// `nop` depends on -march.
std::string arm_nops(unsigned size) { return repeat(".inst 0xe320f000", size); }

std::string thumb_nops(unsigned size) { return repeat(".inst.w 0xf3af8000", size); }

// GCC prints them before it switches to the function's instruction set.
std::string prefix_nops(unsigned count) { return repeat(".long 0xe320f000", 4 * count); }

std::string align() { return line(".p2align 2"); }

std::string arm_off(const std::string &) { return arm_nops(4); }

std::string thumb_off(const std::string &) { return thumb_nops(4); }

// Thumb: LLVM up to 16 takes no sum as the target of b.w.
std::string stub(const StubText &s, bool thumb) {
  const std::string body = s.entry + "b", wide = thumb ? ".w" : "";
  return line(".set " + body + ", " + s.body) + line(".p2align 3") +
         (thumb ? line(".long 0") : "") + line(".long " + s.slot + " - " + s.entry + " - 16") +
         line("b" + wide + " " + body) + s.entry + ":\n" + line("push" + wide + " {ip, lr}") +
         line("ldr" + wide + (thumb ? " ip, [pc, #-16]" : " ip, [pc, #-20]")) +
         (thumb ? thumb_nops(4) : "") + line(thumb ? "add ip, pc" : "add ip, pc, ip") +
         line("ldr" + wide + " pc, [ip]");
}

std::string arm_stub(const StubText &s) { return stub(s, false); }

std::string thumb_stub(const StubText &s) { return stub(s, true); }

// Code and literals of one hook; adr means the same in both instruction sets.
class Hook {
public:
  explicit Hook(const std::string &name) : name(name) {}

  // The GOT, so that an absent section or runtime is a plain zero in every kind of link.
  void load_got(const std::string &reg, const std::string &symbol) {
    std::string at = literal(symbol + "(GOT_PREL)");
    code += line("adr " + reg + ", " + at) + line("ldr ip, [" + reg + "]") +
            line("ldr " + reg + ", [" + reg + ", ip]");
  }
  void address(const std::string &reg, const std::string &symbol) {
    std::string at = literal(symbol + " - .");
    code += line("adr " + reg + ", " + at) + line("ldr ip, [" + reg + "]") +
            line("add " + reg + ", " + reg + ", ip");
  }
  void add(const std::string &text) { code += line(text); }
  void label(const std::string &label) { code += label + ":\n"; }
  std::string text() const { return code + line(".p2align 2") + literals; }

private:
  std::string literal(const std::string &value) {
    std::string at = ".L" + name + std::to_string(count++);
    literals += at + ":\n" + line(".long " + value);
    return at;
  }
  std::string name, code, literals;
  unsigned count = 0;
};

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first. The fifth
// argument is on the stack.
std::string module_hook(const std::string &name, const std::string &array,
                        const std::string &callee, bool names, int now) {
  std::string out = ".L" + name + "_out";
  Hook hook(name);
  hook.add("push {r4, lr}");
  hook.add("sub sp, sp, #8");
  hook.address("r0", state);
  hook.add("ldrb r1, [r0]");
  hook.add("cmp r1, #" + std::to_string(now));
  hook.add("beq " + out);
  hook.add("mov r1, #" + std::to_string(now));
  hook.add("strb r1, [r0]");
  hook.load_got("r4", callee);
  hook.add("cmp r4, #0");
  hook.add("beq " + out);
  hook.load_got("r0", "__start_luge_sites");
  hook.load_got("r1", "__stop_luge_sites");
  if (names) {
    hook.load_got("r2", "__start_luge_names");
    hook.load_got("r3", "__stop_luge_names");
    hook.add("mov ip, #1"); // LUGE_ABI_VERSION
    hook.add("str ip, [sp]");
  }
  hook.add("blx r4");
  hook.label(out);
  hook.add("add sp, sp, #8");
  hook.add("pop {r4, pc}");
  return comdat(".text." + name, "ax", "progbits", name) + line(".p2align 2") + weak_hidden(name) +
         line(".type " + name + ", %function") + name + ":\n" + hook.text() +
         end_function(name, array, callee, 4, ".long");
}

std::string registration() {
  return symbols() +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register", true, 1) +
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", false, 0);
}

constexpr Arch thumb = {
    .layout = arm,
    .nops = thumb_nops,
    .prefix_nops = prefix_nops,
    .toggle_off = thumb_off,
    .stub = thumb_stub,
    .stub_reaches_far = false, // it would, but mapping symbols ($a, $t, $d) are right in one sequence only
    .registration = registration,
    .align_exit = align,
    .no_relocation = "R_ARM_NONE",
};

} // namespace

extern const Arch arm_arch = {
    .layout = arm,
    .nops = arm_nops,
    .prefix_nops = prefix_nops,
    .toggle_off = arm_off,
    .stub = arm_stub,
    .stub_reaches_far = false, // it would, but mapping symbols ($a, $t, $d) are right in one sequence only
    .registration = registration,
    .align_exit = align,
    .no_relocation = "R_ARM_NONE",
    .second_set = &thumb,
};

} // namespace luge
