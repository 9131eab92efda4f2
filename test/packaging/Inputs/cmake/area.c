/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
int area_of(int width, int height) { return width * height; }
