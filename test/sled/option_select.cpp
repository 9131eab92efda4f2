// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which functions: globs on names and on files, size and loops, a rules file; and what report=FILE
// says about each function.
// RUN: rm -f %t.report
// RUN: %cxx -O2 -g1 -c -o %t.o %s %opt(include=ns::*) %opt(exclude=*::second*) %opt(report=%t.report)
// RUN: %sites %t.o | %check(NAMES)
// RUN: %check(REPORT) < %t.report
// RUN: %cxx -O2 -c -o %t.o %s %opt(include-file=*/option_select.cpp) %opt(exclude=*loops*) %opt(exclude=small)
// RUN: %sites %t.o | %check(FILE)
// RUN: %cxx -O2 -c -o %t.o %s %opt(exclude-file=*option_sel*)
// RUN: %sites %t.o | count 0
// RUN: %cxx -O2 -c -o %t.o %s %opt(min-insns=8)
// RUN: %sites %t.o | %check(SIZE)
// RUN: %cxx -O2 -c -o %t.o %s %opt(min-insns=1000) %opt(keep-loops=on)
// RUN: %sites %t.o | %check(LOOPS)
// RUN: echo "# which" > %t.rules
// RUN: echo 'include = ns::first' >> %t.rules
// RUN: %cxx -O2 -c -o %t.o %s %opt(rules=%t.rules)
// RUN: %sites %t.o | %check(RULES)

void work(int);
namespace ns {
void first() { work(1); }
void second() { work(2); }
template <class T> __attribute__((noinline)) T third(T x) { work(3); return x; }
template int third(int);
} // namespace ns
int small() { return 1; }
void loops(int n) {
  for (int i = 0; i < n; ++i) {
    work(i);
    work(i + n);
  }
}

// NAMES:      {{^}}_ZN2ns5firstEv
// NAMES-NEXT: {{^}}_ZN2ns5thirdIiEET_S1_{{.*}}
// NAMES-NOT:  {{.}}

// Fields are separated by tabs, which FileCheck sees as spaces.
// REPORT-DAG: taken matches include {{.*}}option_select.cpp:[[#@LINE-18]] ns::first()
// REPORT-DAG: left matches exclude {{.*}}option_select.cpp:[[#@LINE-18]] ns::second()
// REPORT-DAG: taken matches include {{.*}}option_select.cpp:[[#@LINE-18]] int ns::third<int>(int)
// REPORT-DAG: left matches no include {{.*}}option_select.cpp:[[#@LINE-16]] small()
// REPORT-DAG: left matches no include {{.*}}option_select.cpp:[[#@LINE-16]] loops(int)

// FILE-DAG: _ZN2ns5firstEv
// FILE-DAG: _ZN2ns6secondEv
// FILE-DAG: _ZN2ns5thirdIiEET_S1_
// SIZE:     {{^}}_Z5loopsi
// SIZE-NOT: _Z5smallv
// LOOPS:     {{^}}_Z5loopsi{{.*}}
// LOOPS-NOT: {{.}}
// RULES:     {{^}}_ZN2ns5firstEv{{.*}}
// RULES-NOT: {{.}}
