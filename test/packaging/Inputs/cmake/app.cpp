// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <iostream>
#include <string>
extern "C" int area_of(int, int);
std::string name_of(int);
int main() { std::cout << name_of(4) << " " << area_of(3, 3) << "\n"; }
