// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Switches XRay on through its public API: BENCH_XRAY = empty (a handler that does nothing), basic
// or fdr, with the options of BENCH_XRAY_OPTIONS. From a constructor, so that programs that know
// nothing of it are traced whole.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <xray/xray_interface.h>
#include <xray/xray_log_interface.h>

#define UNTRACED __attribute__((xray_never_instrument))

namespace {

bool logging;

UNTRACED void nothing(int32_t, XRayEntryType) {}

[[noreturn]] UNTRACED void fail(const char *what) {
  std::fprintf(stderr, "xray: %s failed\n", what);
  std::exit(1);
}

UNTRACED void stop() {
  __xray_unpatch();
  if (logging) {
    __xray_log_finalize();
    __xray_log_flushLog();
  }
}

__attribute__((constructor)) UNTRACED void start() {
  const char *mode = std::getenv("BENCH_XRAY");
  if (!mode)
    return;
  if (!std::strcmp(mode, "empty"))
    __xray_set_handler(nothing);
  else {
    const char *options = std::getenv("BENCH_XRAY_OPTIONS");
    std::string name = std::string("xray-") + mode;
    if (__xray_log_select_mode(name.c_str()) != XRAY_REGISTRATION_OK)
      fail("selecting the mode");
    if (__xray_log_init_mode(name.c_str(), options ? options : "") != XRAY_LOG_INITIALIZED)
      fail("starting the log");
    logging = true;
  }
  if (__xray_patch() != SUCCESS)
    fail("patching");
  std::atexit(stop);
}

} // namespace

// For switching.c.
extern "C" {
UNTRACED void bench_on() {
  __xray_set_handler(nothing);
  if (__xray_patch() != SUCCESS)
    fail("patching");
}
UNTRACED void bench_off() {
  if (__xray_unpatch() != SUCCESS)
    fail("unpatching");
}
UNTRACED double bench_sites() { return static_cast<double>(__xray_max_function_id()); }
}
