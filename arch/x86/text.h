// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What x86-64 and i386 have in common as assembler text: the sled, and the
// frame of the registration functions. Bytes, not mnemonics: the text must
// mean the same under -masm=intel.
// Intel SDM vol. 2 (NOP, CMP, JMP).
#pragma once

#include <string>

#include "sled/module_text.h"

namespace luge::x86 {

inline std::string bytes(const char *list) { return std::string("\t.byte ") + list + "\n"; }

// Multi-byte NOPs as the optimisation manuals of Intel and AMD recommend them, 1 to 9 bytes.
inline constexpr const char *nop_bytes[] = {
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

// The patch unit first, as one NOP; then as few NOPs as possible.
inline std::string nops(unsigned size) {
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
inline std::string prefix_nops(unsigned count) {
  return "\t.fill " + std::to_string(count) + ",1,0x90\n";
}

// Keeps the 5 bytes that follow inside one aligned 8-byte word: pads (by one NOP of at most
// 4 bytes) only where they would cross, as behind ENDBR.
inline std::string align_patch_unit() { return "\t.p2align 3,,4\n"; }

inline std::string relative4(const std::string &target) {
  return "\t.long " + target + " - . - 4\n";
}

inline std::string toggle_off(const std::string &stub) { return bytes("0x3d") + relative4(stub); }

// One COMDAT function NAME of text CODE, and the pointer to it in ARRAY; it calls CALLEE.
inline std::string hook_function(const std::string &name, const std::string &array,
                                 const std::string &callee, const std::string &code,
                                 unsigned pointer_size, const char *word) {
  using namespace module_text;
  return comdat(".text." + name, "ax", "progbits", name) + weak_hidden(name) +
         line(".type " + name + ", %function") + name + ":\n" + code +
         end_function(name, array, callee, pointer_size, word);
}

} // namespace luge::x86
