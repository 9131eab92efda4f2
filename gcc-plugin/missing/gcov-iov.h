// SPDX-License-Identifier: GPL-3.0-or-later
// GCC 11's gcov-io.h, which lto-streamer.h includes, wants this header, but GCC 11 does not
// install it. It would define GCOV_VERSION, which only gcov's own files use.
