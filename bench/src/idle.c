/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A program that does nothing; with an argument it says what its start-up left behind. */
#include <stdlib.h>
#include <string.h>

#include "timing.h"

static void count_threads(void) {
  char line[256];
  int threads = 0;
  FILE *f = fopen("/proc/self/status", "r");
  while (f && fgets(line, sizeof line, f))
    sscanf(line, "Threads: %d", &threads);
  bench_say("threads", threads);
}

/* Kilobytes of executable mappings that are no longer the file's: written to. */
static void count_dirty_text(void) {
  char line[512], protection[8] = "";
  long dirty = 0, size;
  FILE *f = fopen("/proc/self/smaps", "r");
  while (f && fgets(line, sizeof line, f)) {
    if (sscanf(line, "%*x-%*x %7s", protection) == 1)
      continue;
    if (strchr(protection, 'x') && sscanf(line, "Anonymous: %ld", &size) == 1)
      dirty += size;
  }
  bench_say("dirty_text_kb", (double)dirty);
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) {
    count_threads();
    count_dirty_text();
  }
  return 0;
}
