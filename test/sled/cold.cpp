// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that the compiler splits has one sled, at its entry: none in the cold part.
// MATRIX: interplay-hot-cold
// RUN: %cxx -O2 -c -o %t.o %s
// RUN: %sites %t.o | %check(SITES)

// SITES:     _Z1fi {{.*}} section=.text{{.*}}
// SITES-NOT: {{.}}
void unlikely(int) __attribute__((cold, noreturn));
void work(int);
int f(int x) {
  try {
    if (__builtin_expect(x < 0, 0)) {
      work(1);
      work(2);
      unlikely(x);
    }
    work(x);
  } catch (int e) {
    return e;
  }
  return 0;
}
