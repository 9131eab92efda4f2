// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opened and closed by opener.c.
static int helper(int x) { return x * 2; }
int answer(int x) {
  int sum = 0;
  for (int i = 0; i < x; ++i)
    sum += helper(1);
  return sum;
}
