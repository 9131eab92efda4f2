// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The public header in C++, linked to the archive by the C++ driver.
// RUN: g++ -std=c++17 -Wall -Wextra -Werror -I%source/runtime/include -o %t %s %luge_lib/libluge.a
// RUN: %t
#include <luge/ftrace.h>
int main() { return static_cast<int>(luge_sites_on()); }
