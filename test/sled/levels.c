// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The same sites at every level of optimisation, code model and frame set-up. %sites checks each
// sled's bytes, place and stub; --live that no function is missing.
// MATRIX: interplay-stack-protector
// RUN: %cc -O0 -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O1 -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O3 -g -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -Os -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -Os -fcf-protection=full -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -fno-pic -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -fPIC -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -mcmodel=large -fno-pic -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -fno-omit-frame-pointer -fstack-protector-all -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -ffunction-sections -fdata-sections -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -masm=intel -c -o %t.o %s %opt(flavour=toggle) %opt(names=on)
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -march=haswell -mstackrealign -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check
// RUN: %cc -O2 -fno-asynchronous-unwind-tables -fno-exceptions -c -o %t.o %s
// RUN: %sites --live %t.o --except='luge_module_*' | %check

// ALL-DAG: {{^}}leaf{{$}}
// ALL-DAG: {{^}}caller{{$}}
// ALL-DAG: {{^}}loop_at_the_entry{{$}}
// ALL-DAG: {{^}}tail{{$}}
// ALL-DAG: {{^}}large_frame{{$}}
// ALL-DAG: {{^}}vectors{{$}}
int leaf(int x) { return x + 1; }
void work(void *);
int caller(int x) { return leaf(x) * leaf(x + 1) + (work(&x), x); }
void loop_at_the_entry(volatile int *p) { // the first block is a loop head
  for (;;)
    if (*p)
      return;
}
void tail(void *p) { work(p); }
int large_frame(int x) {
  int words[5000];
  work(words);
  return words[x];
}
double vectors(double *p, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += p[i] * p[i];
  return sum;
}
