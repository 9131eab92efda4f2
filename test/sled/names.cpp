// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// names=on: luge_names has each function's name, in the function's group, and survives strip.
// RUN: %cxx -O2 -c -o %t.o %s %opt(names=on)
// RUN: %sites --names %t.o | %check(OBJECT)
// RUN: %cxx -O2 -o %t %s %opt(names=on) %opt(flavour=toggle)
// RUN: %strip %t
// RUN: %readelf -p luge_names %t | %check(STRIPPED)
// RUN: %cxx -O2 -c -o %t.o %s
// RUN: %sites --names %t.o | count 0

// OBJECT-DAG: {{^}}main = main{{$}}
// OBJECT-DAG: {{^}}_ZN2ns1fEi = _ZN2ns1fEi{{$}}
// OBJECT-DAG: {{^}}_ZN2ns5innerIiEET_S1_ = _ZN2ns5innerIiEET_S1_{{$}}
// OBJECT-DAG: {{^}}abc = abc{{$}}
// STRIPPED-DAG: main
// STRIPPED-DAG: _ZN2ns1fEi
// STRIPPED-DAG: abc
namespace ns {
template <class T> __attribute__((noinline)) T inner(T x) { return x; }
int f(int x) { return inner(x); }
} // namespace ns
extern "C" int abc() { return 1; }
int main() { return ns::f(0); }
