// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/command_line.h"

int main(int argc, char **argv) { return luge::run_command_line(argc, argv); }
