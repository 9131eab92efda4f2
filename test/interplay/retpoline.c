// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Thunks for indirect branches and for returns: an exit sled stands before the jump to the thunk, and before
// an inline thunk. The thunk of a tail call finds its target in r11 (clang always uses that one), so the
// sled's stub brings its slot in r10 there.
// MATRIX: interplay-retpoline
// REQUIRES: x86
// RUN: %if gcc %{ %both %t.1 %cc -O2 -fcf-protection=none -mindirect-branch=thunk -mfunction-return=thunk %program %}
// RUN: %if gcc %{ %both %t.2 %cc -O1 -fcf-protection=none -mindirect-branch=thunk-inline -mfunction-return=thunk-inline %program %}
// RUN: %if gcc %{ %both %t.3 %cc -Os -fcf-protection=none -mindirect-branch=thunk -mindirect-branch-register %program %}
// RUN: %if gcc && x86_64 %{ %both %t.4 %cc -O0 -fcf-protection=none -mindirect-branch=thunk-extern -mfunction-return=thunk-extern %program %S/Inputs/thunks.s %}
// RUN: %if clang %{ %both %t.1 %cc -O2 -mretpoline %program %}
// RUN: %if clang && x86_64 %{ %filecheck %s --check-prefix=R11 --input-file=%t.1.nop.sites %}
// RUN: %if clang %{ %both %t.2 %cc -O0 -mretpoline %program %}
// RUN: %if clang && x86_64 %{ %both %t.3 %cc -Os -mlvi-hardening %program %}


// R11: through {{.*}} stub=alternate {{.*}} kind=indirect-tail-call
