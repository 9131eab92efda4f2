/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the run tests share: a check that counts, and the number of mappings. */
#ifndef CHECK_H
#define CHECK_H
#include <stdio.h>
#include <stdlib.h>

static int failures;
#define EXPECT(condition)                                                                          \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      failures++;                                                                                  \
      printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                               \
    }                                                                                              \
  } while (0)

__attribute__((no_instrument_function, unused)) static int mappings(void) {
  FILE *f = fopen("/proc/self/maps", "r");
  int lines = 0, c;
  while ((c = getc(f)) != EOF)
    lines += c == '\n';
  fclose(f);
  return lines;
}
#endif
