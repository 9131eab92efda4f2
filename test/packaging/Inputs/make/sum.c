/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
int sum(int a, int b) { return a + b; }
