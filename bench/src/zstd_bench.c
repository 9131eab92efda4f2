/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Compresses and decompresses made-up log lines: one large frame, then many small
 * ones, where the calls are. usage: zstd_bench ROUNDS (0: start-up only)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { kBytes = 256 << 10, kSmall = 2048, kLine = 96 };

static void make_text(char *text) {
  static const char *const what[] = {"accepted", "closed", "timed out", "retried", "read", "wrote"};
  unsigned seed = 7;
  for (int at = 0; at < kBytes;) {
    char line[kLine];
    seed = seed * 1664525u + 1013904223u;
    int n = snprintf(line, sizeof line, "conn %u %s after %u us\n", seed >> 20, what[(seed >> 8) % 6],
                     (seed >> 4) % 5000);
    n = n < kBytes - at ? n : kBytes - at;
    memcpy(text + at, line, (size_t)n);
    at += n;
  }
}

static size_t there_and_back(const char *in, size_t size, int level, char *packed, size_t room, char *out) {
  size_t n = ZSTD_compress(packed, room, in, size, level);
  if (ZSTD_isError(n) || ZSTD_decompress(out, size, packed, n) != size || memcmp(in, out, size) != 0) {
    fprintf(stderr, "zstd_bench: wrong result\n");
    exit(1);
  }
  return n;
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1;
  size_t room = ZSTD_compressBound(kBytes), total = 0;
  char *text = malloc(kBytes), *out = malloc(kBytes), *packed = malloc(room);
  make_text(text);
  for (int i = 0; i < rounds; ++i) {
    total += there_and_back(text, kBytes, 1 + i % 6, packed, room, out);
    for (size_t at = 0; at + kSmall <= kBytes; at += kSmall)
      total += there_and_back(text + at, kSmall, 1, packed, room, out);
  }
  printf("%zu\n", total);
  return 0;
}
