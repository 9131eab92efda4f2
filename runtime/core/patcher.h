// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes sleds agree with the users of their sites. Verifies before every
// write: what is not one of the two states of a sled is reported and left alone.
#pragma once

#include "runtime/core/sites.h"

namespace luge {

enum class PatchResult { Ok, Forbidden, Dead };

class Patcher {
public:
  // For every site of m whose `changed` users differ: sets slot and sled. trampoline_for says what a
  // switched-on site's slot points to. One batch: one change of protection, one core barrier.
  using Choose = void *(*)(const Module &, const Site &);
  PatchResult apply(Module &m, Choose trampoline_for);
  bool dead() const { return killed; }
  size_t sites_on() const { return on; }
  void forget(Module &m); // its sites are gone with it

private:
  bool write_few(Module &m, Choose choose, PatchResult *result);
  bool write_many(Module &m, Choose choose);
  bool prepare(Module &m, Site &s, arch::Sled *sled, Choose choose);
  void done(Module &m, Site &s, int found);
  void kill(const Module &m, const Site &s);

  bool killed = false;
  size_t on = 0;
};

} // namespace luge
