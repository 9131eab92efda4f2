// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stack protector and stack clash protection: the canary is checked before the exit's sled.
// MATRIX: interplay-stack-protector
// RUN: %both %t %cc -O2 -fstack-protector-all %program
// RUN: %if x86_64 %{ %both -f nop %t.0 %cc -O0 -fstack-protector-strong -fstack-clash-protection %program %}
