// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AddressSanitizer: its red zones, its fake stack and its own constructors beside sleds that are switched on.
// MATRIX: interplay-asan
// RUN: %both %t %cc -O1 -fsanitize=address %program
// RUN: %both -f nop %t.0 %cc -O0 -fsanitize=address -fsanitize-address-use-after-scope %program
