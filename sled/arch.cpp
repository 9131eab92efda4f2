// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sled/arch.h"

#include <cstdlib>
#include <cstring>
#include <iterator>

namespace luge {

#define ARCH(name) extern const Arch name##_arch;
#include "architectures.def" // generated: a line for each folder of arch/
#undef ARCH

namespace {

const Arch *const all[] = {
#define ARCH(name) &name##_arch,
#include "architectures.def"
#undef ARCH
};

} // namespace

std::vector<const Arch *> all_architectures() { return {std::begin(all), std::end(all)}; }

const Arch *find_arch(const char *name) {
  for (const Arch *arch : all)
    if (std::strcmp(arch->layout.name, name) == 0)
      return arch;
  return nullptr;
}

const Arch &arch_of(const Layout &layout) {
  const Arch *arch = find_arch(layout.name);
  if (!arch)
    std::abort(); // a layout that no folder of arch/ brings: cannot be linked
  return *arch;
}

} // namespace luge
