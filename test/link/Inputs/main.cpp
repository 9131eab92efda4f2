// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The first file of two_files.test.
#include "shared.h"

KEEP void innermost(int x) { throw Failure(x); }
KEEP void level_one(int x, int *destroyed) {
  level_two(x + 1, destroyed);
  AFTER;
}
static KEEP int local_function(int x) { return template_function(x) - 1; }
int dead_in_main(int x) { return x + dead_in_main(x - 1) + inline_function(x); }

int main() {
  Square square(5);
  printf("%d %d\n", other_total(square), local_function(inline_function(2)));
  int destroyed = 0;
  try {
    level_one(1, &destroyed);
  } catch (const Failure &e) {
    printf("caught from level %d, %d destroyed\n", e.level, destroyed);
  }
}
