// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// i386 as assembler text; layout.h has the picture, arch/x86/text.h what x86-64 shares.
#include "arch/i386/layout.h"
#include "arch/x86/text.h"
#include "sled/arch.h"

namespace luge {
namespace {

using namespace x86;
using module_text::state;

std::string stub(const StubText &s) {
  return s.entry + ":\n" + bytes("0x50") + bytes("0xe8,0x00,0x00,0x00,0x00") +
         bytes("0x58") + bytes("0x05") + "\t.long " + s.slot + " - " + s.entry + " - 6\n" +
         bytes("0xff,0x20") + bytes("0xf3,0x0f,0x1e,0xfb") + bytes("0xe9") + relative4(s.body);
}

// mov symbol@GOT(%ebx), reg: the GOT, so that an absent section (no names) or an absent runtime is
// a plain zero in every kind of link, and text needs no relocation by the loader.
std::string load_got(const char *opcode, const char *symbol) {
  return bytes(opcode) + "\t.long " + symbol + "@GOT\n";
}

// The same, then mov %ecx, OFFSET(%esp).
std::string argument(const char *symbol, const char *offset) {
  return load_got("0x8b,0x8b", symbol) + bytes("0x89,0x4c,0x24") + bytes(offset);
}

// If the unit's state is not NOW yet, calls CALLEE with ARGUMENTS if it exists; for why the state,
// see x86-64. No mnemonics and no PIC register: this is nobody's function.
std::string module_hook(const std::string &name, const std::string &array, const char *callee,
                        const std::string &arguments, const char *now) {
  std::string here = ".L" + name + "_here", out = ".L" + name + "_out";
  std::string jz_out = bytes("0x74") + bytes((out + "-.-1").c_str());
  std::string code = bytes("0xf3,0x0f,0x1e,0xfb") + bytes("0x53") + // endbr32; push %ebx
                     bytes("0x83,0xec,0x18") +                      // sub $24, %esp
                     bytes("0xe8,0x00,0x00,0x00,0x00") + here + ":\n" + bytes("0x5b") + // pop %ebx
                     bytes("0x8d,0x83") + "\t.long " + state + " - " + here + "\n" + // lea, %eax
                     bytes("0x80,0x38") + bytes(now) + jz_out +     // cmpb $now, (%eax)
                     bytes("0xc6,0x00") + bytes(now) +              // movb $now, (%eax)
                     bytes("0x81,0xc3") + "\t.long _GLOBAL_OFFSET_TABLE_ - " + here + "\n" +
                     load_got("0x8b,0x83", callee) +                // %eax
                     bytes("0x85,0xc0") + jz_out + arguments + bytes("0xff,0xd0") + out + ":\n" +
                     bytes("0x83,0xc4,0x18") + bytes("0x5b") + bytes("0xc3");
  return hook_function(name, array, callee, code, 4, ".long");
}

std::string registration() {
  std::string bounds =
      argument("__start_luge_sites", "0x00") + argument("__stop_luge_sites", "0x04");
  std::string names =
      argument("__start_luge_names", "0x08") + argument("__stop_luge_names", "0x0c");
  // movl $LUGE_ABI_VERSION, 16(%esp)
  std::string version = bytes("0xc7,0x44,0x24,0x10,0x01,0x00,0x00,0x00");
  return module_text::symbols() +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register",
                     bounds + names + version, "0x01") +
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", bounds,
                     "0x00");
}

} // namespace

extern const Arch i386_arch = {
    .layout = i386,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = true,
    .registration = registration,
    .align_patch_unit = align_patch_unit,
    // bfd 2.40 aborts in `ld -r` on one between sections (elf_i386_relocate_section).
    .no_relocation = nullptr,
};

} // namespace luge
