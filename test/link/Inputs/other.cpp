// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The second file of two_files.test.
#include "shared.h"

KEEP int other_total(const Shape &shape) {
  return inline_function(shape.area()) + template_function(shape.area());
}
KEEP void level_three(int x, int *destroyed) {
  Held held(destroyed);
  innermost(x + 40);
  AFTER;
}
KEEP void level_two(int x, int *destroyed) {
  Held held(destroyed);
  level_three(x + 1, destroyed);
  AFTER;
}
int dead_in_other(int x) { return template_function(static_cast<double>(x)) > 1.0; }
