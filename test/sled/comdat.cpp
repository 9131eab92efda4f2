// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What C++ puts into COMDAT groups: the tables are members of the function's own group and linked
// to its text, so that a linker which drops a copy drops its records. %sites checks each one.
// MATRIX: defect-2
// RUN: %cxx -O2 -c -o %t.o %s
// RUN: %sites %t.o > %t.sites
// RUN: %filecheck %s --input-file=%t.sites --check-prefix=SITES
// RUN: %cxx -O0 -c -o %t.o %s %opt(flavour=toggle) %opt(entries=both)
// RUN: %sites %t.o > %t.sites
// RUN: %filecheck %s --input-file=%t.sites --check-prefix=SITES
// RUN: %sites --pfe %t.o
// RUN: %readelf --section-groups %t.o | %filecheck %s --check-prefix=GROUPS

struct Base {
  virtual ~Base();
  virtual int get() const { return 1; }
};
struct Other {
  virtual int more() { return 2; }
};
struct Both : Base, Other {
  Both();
  int get() const override { return 3; }
  int more() override;
};
Base::~Base() {}
Both::Both() {}
int Both::more() { return 4; } // and a thunk for Other's table
template <class T> __attribute__((noinline)) T twice(T x) { return x + x; }
__attribute__((noinline)) inline int inlined(int x) { return x * 3; }
int use(int x) { return inlined(x) + twice(x) + static_cast<int>(twice(1.5f)); }

// SITES-DAG: _ZN4BaseD{{[12]}}Ev {{.*}} section=.text
// SITES-DAG: _ZN4BothC{{[12]}}Ev {{.*}} section=.text
// SITES-DAG: _ZNK4Base3getEv {{.*}} section=.text._ZNK4Base3getEv
// SITES-DAG: _ZNK4Both3getEv {{.*}} section=.text._ZNK4Both3getEv
// SITES-DAG: _Z5twiceIiET_S0_ {{.*}} section=.text._Z5twiceIiET_S0_
// SITES-DAG: _Z5twiceIfET_S0_ {{.*}} section=.text._Z5twiceIfET_S0_
// SITES-DAG: _Z7inlinedi {{.*}} section=.text._Z7inlinedi
// SITES-DAG: _Z3usei {{.*}} section=.text

// GROUPS:      COMDAT group section {{.*}} `.group' [_Z7inlinedi]
// GROUPS:      .text._Z7inlinedi
// GROUPS:      luge_sites
