// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Foreign sleds (runtime/foreign) become modules like any others here. Nobody registers them, so the
// runtime looks for them itself: at start-up if the environment asks for tracing, and before
// whatever concerns all modules.
#include "runtime/core/runtime.h"

namespace luge {

void Runtime::look_for_foreign() {
  foreign::look({[](const foreign::Sites &s) { rt.module_loaded(s.records, s.records_end, nullptr, nullptr, &s); },
                 [](const luge_site *begin, const luge_site *end) { return rt.module_unloaded(begin, end); }});
}

namespace {

// Before main, and mostly before there is a second thread: most foreign sleds can be prepared only then. The
// runtime starts if there are any.
__attribute__((constructor(101))) void start_up() {
  if (!foreign::wanted_at_start())
    return;
  Locked locked;
  rt.look_for_foreign();
}

} // namespace
} // namespace luge
