// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64 encodings as assembler text; layout.h has the picture. Bytes, not
// mnemonics: the text must mean the same under -masm=intel.
#include "arch/x86_64/layout.h"
#include "sled/arch.h"

namespace luge {
namespace {

// Multi-byte NOPs as the optimisation manuals of Intel and AMD recommend them, 1 to 9 bytes.
const char *const nop_bytes[] = {
    nullptr,
    "0x90",
    "0x66,0x90",
    "0x0f,0x1f,0x00",
    "0x0f,0x1f,0x40,0x00",
    "0x0f,0x1f,0x44,0x00,0x00",
    "0x66,0x0f,0x1f,0x44,0x00,0x00",
    "0x0f,0x1f,0x80,0x00,0x00,0x00,0x00",
    "0x0f,0x1f,0x84,0x00,0x00,0x00,0x00,0x00",
    "0x66,0x0f,0x1f,0x84,0x00,0x00,0x00,0x00,0x00",
};

std::string bytes(const char *list) { return std::string("\t.byte ") + list + "\n"; }

// The patch unit first, as one NOP; then as few NOPs as possible.
std::string nops(unsigned size) {
  std::string out;
  if (size >= 5) {
    out += bytes(nop_bytes[5]);
    size -= 5;
  }
  while (size) {
    unsigned n = size < 9 ? size : 9;
    out += bytes(nop_bytes[n]);
    size -= n;
  }
  return out;
}

// Before the label: data space of the consumer, never executed; one-byte NOPs, as compilers emit.
std::string prefix_nops(unsigned count) {
  return "\t.fill " + std::to_string(count) + ",1,0x90\n";
}

// Keeps the 5 bytes that follow inside one aligned 8-byte word: pads (by one NOP of at most
// 4 bytes) only where they would cross, as behind ENDBR64.
std::string align_patch_unit() { return "\t.p2align 3,,4\n"; }

std::string relative4(const std::string &target) {
  return "\t.long " + target + " - . - 4\n";
}

std::string toggle_off(const std::string &stub) { return bytes("0x3d") + relative4(stub); }

// %r10 instead of %r11: 4c 8d 15; 41 ff 22.
std::string stub(const StubText &s) {
  return s.entry + ":\n" + bytes(s.alternate ? "0x4c,0x8d,0x15" : "0x4c,0x8d,0x1d") +
         relative4(s.slot) + bytes(s.alternate ? "0x41,0xff,0x22" : "0x41,0xff,0x23") +
         bytes("0xf3,0x0f,0x1e,0xfa") + bytes("0xe9") + relative4(s.body);
}

// mov symbol@GOTPCREL(%rip), reg: the GOT, so that an absent section (no names) or an absent
// runtime is a plain zero in every kind of link.
std::string load_got(const char *opcode, const char *symbol) {
  return bytes(opcode) + "\t.long " + symbol + "@GOTPCREL - 4\n";
}

constexpr const char *mov_rax = "0x48,0x8b,0x05", *mov_rdi = "0x48,0x8b,0x3d",
                            *mov_rsi = "0x48,0x8b,0x35", *mov_rdx = "0x48,0x8b,0x15",
                            *mov_rcx = "0x48,0x8b,0x0d";

// OPCODE with an immediate byte on a byte of memory: 0x80,0x3d cmpb; 0xc6,0x05 movb.
std::string byte_of(const char *opcode, const char *symbol, int value) {
  return bytes(opcode) + "\t.long " + symbol + " - . - 5\n\t.byte " + std::to_string(value) + "\n";
}

// COMDAT byte of the link unit: whether it is registered.
constexpr const char *state = "luge_module_state";

std::string comdat(const std::string &section, const char *flags, const std::string &type,
                          const std::string &name) {
  return "\t.pushsection " + section + ",\"" + flags + "G\",@" + type + "," + name + ",comdat\n";
}

std::string weak_hidden(const std::string &name) {
  return "\t.weak " + name + "\n\t.hidden " + name + "\n";
}

// One COMDAT function NAME and the pointer to it in ARRAY: if the unit's state is not NOW yet,
// loads CALLEE and ARGUMENTS and calls it if it exists. The state is asked for because lld keeps
// the copies of all LTO objects in spite of COMDAT (its bitcode is deduplicated by symbol).
// bytes: test %rax,%rax; jz out; sub $8,%rsp; call *%rax; add $8,%rsp; out: ret
std::string module_hook(const std::string &name, const std::string &array,
                               const char *callee, const std::string &arguments, int now) {
  std::string type = array.substr(0, array.find('.', 1)).substr(1), out = ".L" + name + "_out";
  return comdat(".text." + name, "ax", "progbits", name) + weak_hidden(name) + "\t.type " + name +
         ",@function\n" + name + ":\n" + bytes("0xf3,0x0f,0x1e,0xfa") +
         byte_of("0x80,0x3d", state, now) + bytes("0x74") + bytes((out + "-.-1").c_str()) +
         byte_of("0xc6,0x05", state, now) + arguments + load_got(mov_rax, callee) +
         bytes("0x48,0x85,0xc0") + bytes("0x74,0x0a") + bytes("0x48,0x83,0xec,0x08") +
         bytes("0xff,0xd0") + bytes("0x48,0x83,0xc4,0x08") + out + ":\n" + bytes("0xc3") +
         "\t.size " + name + ", . - " + name + "\n\t.popsection\n" + "\t.weak " + callee + "\n" +
         comdat(array, "aw", type, name) + "\t.balign 8\n\t.quad " + name + "\n\t.popsection\n";
}

// Constructor and destructor of the link unit, one copy each through COMDAT; before and after
// the user's own (101 is the first priority that a program may use).
std::string registration() {
  std::string bounds =
      load_got(mov_rdi, "__start_luge_sites") + load_got(mov_rsi, "__stop_luge_sites");
  std::string names =
      load_got(mov_rdx, "__start_luge_names") + load_got(mov_rcx, "__stop_luge_names");
  std::string version = bytes("0x41,0xb8,0x01,0x00,0x00,0x00"); // mov $LUGE_ABI_VERSION, %r8d
  std::string weak;
  for (const char *s :
       {"__start_luge_sites", "__stop_luge_sites", "__start_luge_names", "__stop_luge_names"})
    weak += weak_hidden(s);
  std::string flag = weak_hidden(state) +
                     comdat(std::string(".bss.") + state, "aw", "nobits", state) + state +
                     ":\n\t.zero 1\n\t.popsection\n";
  return weak + flag +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register",
                     bounds + names + version, 1) +
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", bounds, 0);
}

} // namespace

extern const Arch x86_64_arch = {
    .layout = x86_64,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .align_patch_unit = align_patch_unit,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = true,
    .registration = registration,
};

} // namespace luge
