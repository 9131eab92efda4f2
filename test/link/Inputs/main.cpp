// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The first file of two_files.test.
#include "shared.h"

KEEP void innermost(int x) { throw std::runtime_error("from level " + std::to_string(x)); }
KEEP void level_one(int x) {
  level_two(x + 1);
  AFTER;
}
static KEEP int local_function(int x) { return template_function(x) - 1; }
int dead_in_main(int x) { return x + dead_in_main(x - 1) + inline_function(x); }

int main() {
  Square square(5);
  std::printf("%d %d\n", other_total(square), local_function(inline_function(2)));
  try {
    level_one(1);
  } catch (const std::exception &e) {
    std::printf("caught %s\n", e.what());
  }
}
