// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// s390x as assembler text; layout.h has the picture. Nothing newer than the
// first 64-bit machine (z900), which -march may ask for.
#include "arch/s390x/layout.h"
#include "sled/arch.h"
#include "sled/module_text.h"

namespace luge {
namespace {

using namespace module_text;

std::string nops(unsigned size) {
  std::string out;
  for (; size >= 6; size -= 6)
    out += line("brcl 0,0");
  if (size >= 4)
    out += line("bc 0,0");
  if (size % 4)
    out += line("bcr 0,%r0");
  return out;
}

// One halfword each, so that every one of them can be replaced alone.
std::string prefix_nops(unsigned count) {
  return line(".fill " + std::to_string(count) + ",2,0x0700");
}

// Keeps the 6 bytes that follow inside one aligned 8-byte word: pads only where they would cross,
// as behind -mhotpatch's NOPs and at exits.
std::string align_patch_unit() { return line(".p2align 3,,4"); }

std::string toggle_off(const std::string &stub) { return line("brcl 0," + stub); }

std::string stub(const StubText &s) {
  return s.entry + ":\n" + line("stmg %r14,%r1,96(%r15)") + line("larl %r14," + s.slot) +
         line("lg %r1,0(%r14)") + line("br %r1") + line("lg %r1,120(%r15)") + line("jg " + s.body);
}

// The GOT, so that an absent section or runtime is a plain zero in every kind of link.
std::string load_got(const std::string &reg, const std::string &symbol) {
  return line("larl " + reg + "," + symbol + "@GOT") + line("lg " + reg + ",0(" + reg + ")");
}

// As on x86-64: a COMDAT function and the pointer to it; asks the unit's state first. r6 is an
// argument and call-saved as well, so this is no tail call.
std::string module_hook(const std::string &name, const std::string &array,
                        const std::string &callee, const std::string &arguments, int now) {
  std::string out = ".L" + name + "_out";
  std::string now_text = std::to_string(now);
  return comdat(".text." + name, "ax", "progbits", name) + line(".balign 8") + weak_hidden(name) +
         line(".type " + name + ",%function") + name + ":\n" +
         line(std::string("larl %r1,") + state) + line("cli 0(%r1)," + now_text) +
         line("je " + out) + line("mvi 0(%r1)," + now_text) + load_got("%r1", callee) +
         line("ltgr %r1,%r1") + line("je " + out) + line("stmg %r6,%r15,48(%r15)") +
         line("aghi %r15,-160") + arguments + line("basr %r14,%r1") +
         line("lmg %r6,%r15,208(%r15)") + out + ":\n" + line("br %r14") +
         end_function(name, array, callee, 8, ".quad");
}

std::string registration() {
  std::string bounds =
      load_got("%r2", "__start_luge_sites") + load_got("%r3", "__stop_luge_sites");
  std::string names = load_got("%r4", "__start_luge_names") + load_got("%r5", "__stop_luge_names");
  // 2-aligned: larl has no odd addresses.
  return symbols(2) +
         module_hook("luge_module_ctor", ".init_array.00101", "luge_module_register",
                     bounds + names + line("lghi %r6,1"), 1) + // LUGE_ABI_VERSION
         module_hook("luge_module_dtor", ".fini_array.00101", "luge_module_unregister", bounds, 0);
}

} // namespace

extern const Arch s390x_arch = {
    .layout = s390x,
    .nops = nops,
    .prefix_nops = prefix_nops,
    .toggle_off = toggle_off,
    .stub = stub,
    .stub_reaches_far = true,
    .registration = registration,
    .align_patch_unit = align_patch_unit,
};

} // namespace luge
