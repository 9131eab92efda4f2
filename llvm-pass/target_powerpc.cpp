// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 64-bit PowerPC: names of LLVM's PowerPC back end, and its calling conventions.
// LLVM prints the global entry's code and .localentry from the AsmPrinter, before
// the first instruction, so that the sled stands behind the local entry by itself.
// A second .localentry replaces the first (PPCTargetELFStreamer).
#include "target.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Function.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCSymbol.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include "arch/ppc64/layout.h"
#include "arch/ppc64le/layout.h"

namespace luge {
namespace {

using namespace llvm;

bool is_ppc64le(const Triple &triple) {
  return triple.getArch() == Triple::ppc64le && triple.isOSBinFormatELF();
}

bool is_ppc64(const Triple &triple) {
  return triple.getArch() == Triple::ppc64 && triple.isOSBinFormatELF();
}

bool no_landing_pad(const MachineInstr &) { return false; }

// The stub needs r0, r12 and CTR.
Convention convention(const MachineFunction &machine_function) {
  const Function &f = machine_function.getFunction();
  switch (unsigned(f.getCallingConv())) {
  case CallingConv::C:
    return Convention::Platform;
  case CallingConv::Fast:
    return machine_function.getTarget().Options.GuaranteedTailCallOpt ? Convention::Special
                                                                      : Convention::Platform;
  case CallingConv::Cold: // keeps r4-r10 and CR; the optimiser gives it to rarely called functions
  case CallingConv::PreserveMost:
  case CallingConv::PreserveAll:
  case CallingConv::Swift:
  case CallingConv::Tail:
  case compat::cc_swift_tail:
    return Convention::Special;
  default: // anyregcc keeps all registers
    return Convention::NoScratch;
  }
}

// The target is in CTR, and in r12.
bool needs_alternate_stub(StringRef) { return true; }

unsigned kcfi_size(const MachineFunction &) { return 0; } // not for PowerPC

// As the pointer to the TOC: in PC-relative code without one, r2 is allocated like any other.
bool reads_reserved(const MachineFunction &mf, StringRef name) {
  const TargetRegisterInfo &registers = *mf.getSubtarget().getRegisterInfo();
  for (unsigned r = 1; r < registers.getNumRegs(); ++r)
    if (name == registers.getName(r))
      return mf.getRegInfo().isReserved(r) && !mf.getRegInfo().use_empty(r);
  return false;
}

// PPCLinuxAsmPrinter::emitFunctionEntryLabel, emitFunctionBodyStart.
GlobalEntry global_entry(const MachineFunction &mf) {
  GlobalEntry entry;
  if (!reads_reserved(mf, "X2") && !reads_reserved(mf, "R2"))
    return entry;
  const TargetMachine &machine = mf.getTarget();
  entry.label = ".Lfunc_gep" + std::to_string(mf.getFunctionNumber());
  if (machine.getCodeModel() == CodeModel::Large && reads_reserved(mf, "X2"))
    entry.data_before = 8;
  raw_string_ostream text(entry.make_local);
  text << "\t.ifdef " << entry.label << "\n\t.localentry ";
  machine.getSymbol(&mf.getFunction())->print(text, machine.getMCAsmInfo());
  text << ", . - " << entry.label << "\n\t.endif\n";
  text.flush();
  return entry;
}

bool is_elfv2(const MachineFunction &mf) {
  StringRef abi = mf.getTarget().Options.MCOptions.getABIName();
  const Triple &triple = mf.getTarget().getTargetTriple();
  if (!abi.empty())
    return abi.substr(0, 5) == "elfv2";
  return triple.getArch() == Triple::ppc64le || triple.isMusl() || triple.isOSOpenBSD();
}

const char *not_elfv2(const MachineFunction &mf) {
  return is_elfv2(mf) ? nullptr
                      : "-mabi=elfv1: this plugin makes sleds for little-endian PowerPC with "
                        "-mabi=elfv2 only; compile this file without the plugin";
}

const char *not_elfv1(const MachineFunction &mf) {
  return is_elfv2(mf) ? "-mabi=elfv2: this plugin makes sleds for big-endian PowerPC with "
                        "-mabi=elfv1 only; compile this file without the plugin"
                      : nullptr;
}

constexpr Target targets[] = {
    {&ppc64le, "\x00\x00\x00\x60", is_ppc64le, no_landing_pad, convention, needs_alternate_stub,
     nullptr, kcfi_size, 32, 64, global_entry, not_elfv2},
    {&ppc64, "\x60\x00\x00\x00", is_ppc64, no_landing_pad, convention, needs_alternate_stub,
     nullptr, kcfi_size, 48, 64, nullptr, not_elfv1},
};

} // namespace

extern const TargetFamily powerpc_targets = {targets, std::size(targets)};

} // namespace luge
