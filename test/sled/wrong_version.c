// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The plugin of every other compiler is refused with a non-zero status and no object. Where our
// code runs at all it says which compiler it is for; else the dynamic loader speaks.
// RUN: %python %tools/other_plugins.py %plugin_of %plugin %t.o %bare_cc -c %s

int f(void) { return 1; }
