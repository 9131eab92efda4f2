// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bit 7 of a record's flags: of a function whose arguments come in general registers and on the stack
// alone, and of no other.
// RUN: %cc -O2 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %readelf -x luge_sites %t.o | %check
// RUN: %cc -O0 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %readelf -x luge_sites %t.o | %check
// RUN: %cc -O2 -mavx -c -o %t.o %s %opt(flavour=toggle)
// RUN: %readelf -x luge_sites %t.o | %check
#include <stdarg.h>

struct mixed { double a; long b; };
struct large { double a[3]; };
typedef float vector __attribute__((vector_size(16)));

// ALL:      00000000 00000000 00000000 00810000
int none(void) { return 1; }
// ALL-NEXT: 00000000 00000000 00000000 00810000
long general(int a, void *b, long c, __int128 d, unsigned char e) { return a + !b + c + (long)d + e; }
// ALL-NEXT: 00000000 00000000 00000000 00810003
double on_stack(struct large x) { return x.a[2]; }
// ALL-NEXT: 00000000 00000000 00000000 00010000
double one_double(double x) { return x + 1; }
// ALL-NEXT: 00000000 00000000 00000000 00010000
int last_float(int a, float unused) { return a + (int)unused; }
// ALL-NEXT: 00000000 00000000 00000000 00010000
long part_of_struct(struct mixed x) { return x.b; }
// ALL-NEXT: 00000000 00000000 00000000 00010000
vector of_vector(vector x) { return x + x; }
// ALL-NEXT: 00000000 00000000 00000000 000100ff
double variadic(int n, ...) {
  va_list list;
  va_start(list, n);
  double x = va_arg(list, double);
  va_end(list);
  return x;
}
