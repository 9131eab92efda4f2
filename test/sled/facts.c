// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the record says about a function besides its addresses.
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %sites %t.o | %check(SITES)
// RUN: %cc -O0 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites %t.o | %check(SITES)

#include <setjmp.h>
#include <stdarg.h>

int none(int a, int b, int c, int d, int e, int f) { return a + b + c + d + e + f; }
// SITES: none {{.*}} args=0 flags=-

int one(int a, int b, int c, int d, int e, int f, int g) { return a + b + c + d + e + f + g; }
// SITES-NEXT: one {{.*}} args=1 flags=-

int three(int a, int b, int c, int d, int e, int f, char g, double h, long i, short j) {
  return (int)(a + b + c + d + e + f + g + h + i + j);
}
// SITES-NEXT: three {{.*}} args=3 flags=-

double tenth(double a, double b, double c, double d, double e, double f, double g, double h,
             double i, double j) {
  return a + b + c + d + e + f + g + h + i + j;
}
// SITES-NEXT: tenth {{.*}} args=2 flags=-

struct big { long words[5]; };
long by_value(struct big b, int x) { return b.words[4] + x; }
// SITES-NEXT: by_value {{.*}} args=5 flags=-

struct big returned(int x) { struct big b = {{x}}; return b; } // hidden pointer in a register
// SITES-NEXT: returned {{.*}} args=0 flags=-

long double wide(long double a, int x) { return a + x; } // 16 bytes in memory
// SITES-NEXT: wide {{.*}} args=2 flags=-

int variadic(int n, ...) {
  va_list ap;
  va_start(ap, n);
  int sum = 0;
  while (n--)
    sum += va_arg(ap, int);
  va_end(ap);
  return sum;
}
// SITES-NEXT: variadic {{.*}} args=255 flags=-

void *caller(void) { return __builtin_return_address(0); }
// SITES-NEXT: caller {{.*}} args=0 flags=return-seen

void *frame(void) { return __builtin_frame_address(0); }
// SITES-NEXT: frame {{.*}} args=0 flags=return-seen

jmp_buf env;
void work(void);
int catches(void) {
  if (setjmp(env))
    return 1;
  work();
  return 0;
}
// SITES-NEXT: catches {{.*}} args=0 flags=calls-setjmp

__attribute__((returns_twice)) int twice(void) { work(); return 0; }
// SITES-NEXT: twice {{.*}} args=0 flags=returns-twice

__attribute__((ms_abi)) int foreign(int a, int b, int c, int d, int e) { return a + b + c + d + e; }
// SITES-NEXT: foreign {{.*}} flags=special-cc

struct huge { long words[300]; };
long beyond(struct huge h) { return h.words[299]; } // more than the record can say
// SITES-NEXT: beyond {{.*}} args=255 flags=-
