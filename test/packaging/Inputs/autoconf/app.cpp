// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <config.h>
#include <iostream>
extern "C" int area_of(int, int);
int main() { std::cout << "area " << area_of(3, 3) << " of " << PACKAGE_STRING << "\n"; }
