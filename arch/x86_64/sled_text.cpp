// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64 as assembler text; layout.h has the picture, arch/x86/text.h what i386 shares.
#include "arch/x86/text.h"
#include "arch/x86_64/layout.h"
#include "sled/arch.h"

namespace luge {
namespace {

using namespace x86;
using module_text::state;

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

// System V psABI, AMD64 supplement, 3.6.2 and 4.2.4: version 1, "zR", code alignment 1, data alignment -8, return address in
// column 16, pcrel sdata4; CFA = rsp + 8, return address at CFA - 8; two nops.
constexpr std::string_view entry_frame("\1zR\0\1\x78\x10\1\x1b\x0c\7\x08\x90\1\0\0", 16);

constexpr const char *mov_rax = "0x48,0x8b,0x05", *mov_rdi = "0x48,0x8b,0x3d",
                            *mov_rsi = "0x48,0x8b,0x35", *mov_rdx = "0x48,0x8b,0x15",
                            *mov_rcx = "0x48,0x8b,0x0d";

// OPCODE with an immediate byte on a byte of memory: 0x80,0x3d cmpb; 0xc6,0x05 movb.
std::string byte_of(const char *opcode, const char *symbol, int value) {
  return bytes(opcode) + "\t.long " + symbol + " - . - 5\n\t.byte " + std::to_string(value) + "\n";
}

// If the unit's state is not NOW yet, loads CALLEE and ARGUMENTS and calls it if it exists. The
// state is asked for because lld keeps the copies of all LTO objects in spite of COMDAT (its
// bitcode is deduplicated by symbol).
// bytes: test %rax,%rax; jz out; sub $8,%rsp; call *%rax; add $8,%rsp; out: ret
std::string module_hook(const std::string &name, const std::string &array, const char *callee,
                        const std::string &arguments, int now) {
  std::string out = ".L" + name + "_out";
  std::string code = bytes("0xf3,0x0f,0x1e,0xfa") + byte_of("0x80,0x3d", state, now) +
                     bytes("0x74") + bytes((out + "-.-1").c_str()) +
                     byte_of("0xc6,0x05", state, now) + arguments + load_got(mov_rax, callee) +
                     bytes("0x48,0x85,0xc0") + bytes("0x74,0x0a") + bytes("0x48,0x83,0xec,0x08") +
                     bytes("0xff,0xd0") + bytes("0x48,0x83,0xc4,0x08") + out + ":\n" +
                     bytes("0xc3");
  return hook_function(name, array, callee, code, 8, ".quad");
}

// Constructor and destructor of the link unit, one copy each through COMDAT; before and after
// the user's own (101 is the first priority that a program may use).
std::string registration() {
  std::string bounds =
      load_got(mov_rdi, "__start_luge_sites") + load_got(mov_rsi, "__stop_luge_sites");
  std::string names =
      load_got(mov_rdx, "__start_luge_names") + load_got(mov_rcx, "__stop_luge_names");
  std::string version = bytes("0x41,0xb8,0x01,0x00,0x00,0x00"); // mov $LUGE_ABI_VERSION, %r8d
  return module_text::symbols() +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register",
                     bounds + names + version, 1) +
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", bounds, 0);
}

} // namespace

extern const Arch x86_64_arch = {
    .layout = x86_64,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = true,
    .registration = registration,
    .align_patch_unit = align_patch_unit,
    .stub_frame = entry_frame,
};

} // namespace luge
