// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "around_label.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Alignment.h"

namespace luge {
namespace {

using namespace llvm;

constexpr unsigned function_sanitizer_size = 8; // signature and offset of the type, two words

unsigned size_of(const Function &f, const Constant *constant) {
  return unsigned(f.getParent()->getDataLayout().getTypeAllocSize(constant->getType()));
}

bool has_function_sanitizer(const Function &f) { return f.getMetadata("func_sanitize"); }

// What comes between prefix data and label.
unsigned size_before_label(const MachineFunction &mf, const Target &target) {
  const Function &f = mf.getFunction();
  unsigned size = 0;
  if (f.getParent()->getModuleFlag("kcfi") && f.getMetadata("kcfi_type"))
    size += target.kcfi_size(mf);
  if (compat::function_sanitizer_before_label && has_function_sanitizer(f))
    size += function_sanitizer_size;
  return size;
}

Align alignment(const MachineFunction &mf) {
  return std::max(mf.getAlignment(), mf.getFunction().getAlign().valueOrOne());
}

std::string assignment(const std::string &label, const std::string &base, unsigned below) {
  return "\t.set " + label + "," + base + (below ? "-" + std::to_string(below) : "") + "\n";
}

} // namespace

std::string place_prefix(MachineFunction &mf, const Target &target, const GlobalEntry &entry,
                         unsigned nops, const SledText &text) {
  if (!nops)
    return "";
  Function &f = mf.getFunction();
  unsigned size = nops * target.layout->nop_unit;
  unsigned below = size + size_before_label(mf, target) + entry.data_before;
  SmallVector<Constant *, 2> parts;
  if (f.hasPrefixData()) {
    below += size_of(f, f.getPrefixData());
    parts.push_back(f.getPrefixData());
  }
  size += unsigned(offsetToAlignment(below, alignment(mf)));
  std::string bytes;
  while (bytes.size() < size)
    bytes.append(target.prefix_nop, target.layout->nop_unit); // with zero bytes
  parts.insert(parts.begin(), ConstantDataArray::getString(f.getContext(), bytes, false));
  f.setPrefixData(ConstantStruct::getAnon(f.getContext(), parts, /*Packed=*/true));
  std::string definition = text.prefix(); // begins with the label
  return assignment(definition.substr(0, definition.find(':')), text.function_label(), below);
}

unsigned prologue_data_size(const Function &f) {
  if (f.hasPrologueData())
    return size_of(f, f.getPrologueData());
  if (!compat::function_sanitizer_before_label && has_function_sanitizer(f))
    return function_sanitizer_size;
  return 0;
}

std::string place_mark(const MachineFunction &mf, const GlobalEntry &entry, const SledText &text,
                       const std::string &mark) {
  if (!entry.label.empty()) // asked for: LLVM decides at the very end that there is one
    return "\t.ifdef " + entry.label + "\n" + assignment(text.function_label(), entry.label, 0) +
           "\t.else\n" + assignment(text.function_label(), mark, 0) + "\t.endif\n";
  unsigned behind = prologue_data_size(mf.getFunction());
  return behind ? assignment(text.function_label(), mark, behind) : "";
}

} // namespace luge
