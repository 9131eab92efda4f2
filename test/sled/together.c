// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options of the compiler that put code of their own at or near the entry. The sled stays first
// behind the landing pad, whatever comes with it.
// MATRIX: interplay-asan interplay-ubsan interplay-tsan interplay-split-stack interplay-pg
// MATRIX: interplay-mfentry interplay-coverage interplay-retpoline
// RUN: %cc -O1 -c -o %t.o %s -fsanitize=address
// RUN: %sites %t.o | %check
// RUN: %cc -O1 -c -o %t.o %s -fsanitize=undefined %opt(flavour=toggle)
// RUN: %sites %t.o | %check
// RUN: %cc -O1 -c -o %t.o %s -fsanitize=thread %opt(flavour=toggle)
// RUN: %sites %t.o | %check
// RUN: %cc -O1 -c -o %t.o %s -fsplit-stack
// RUN: %sites %t.o | %check
// RUN: %cc -O1 -c -o %t.o %s -pg
// RUN: %sites %t.o | %check
// RUN: %cc -O1 -c -o %t.o %s -pg -mfentry -fno-pic
// RUN: %sites %t.o | %check
// RUN: %cc -O1 -c -o %t.o %s --coverage %opt(flavour=toggle)
// RUN: %sites %t.o | %check
// RUN: %cc -O1 -c -o %t.o %s %if gcc %{-mindirect-branch=thunk -mfunction-return=thunk -fcf-protection=none%} %else %{-mretpoline%}
// RUN: %sites %t.o | %check

// ALL: function {{.*}} sled=+{{[048]}} {{.*}} stub=yes
int work(int *);
int function(int x, int (*indirect)(int)) {
  int words[4] = {x, x + 1};
  return work(words) / indirect(x) + words[x & 3];
}
