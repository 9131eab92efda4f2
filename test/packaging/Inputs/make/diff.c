/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
int diff(int a, int b) { return a - b; }
