// SPDX-License-Identifier: GPL-3.0-or-later
// luge-passes.so: options, then the passes. LUGE_PLUGIN first, the command line
// (-fplugin-arg-luge-KEY=VALUE) afterwards.
#include "plugin.h"

#include "compat.h"
#include "lto.h"
#include "machine.h"
#include "placement.h"
#include "sled/options.h"

namespace luge {
namespace {

std::optional<std::string> read_options(Options &options, const plugin_name_args &info) {
  if (const char *environment = getenv("LUGE_PLUGIN"))
    if (auto wrong = set_options(options, environment))
      return "LUGE_PLUGIN: " + *wrong;
  for (int i = 0; i < info.argc; ++i) {
    const plugin_argument &a = info.argv[i];
    if (auto wrong = set_option(options, a.key, a.value ? a.value : ""))
      return wrong;
  }
  return finish_options(options, machine::layout());
}

} // namespace
} // namespace luge

extern "C" __attribute__((visibility("default"))) void luge_passes_init(plugin_name_args *info) {
  static luge::Options options;
  if (auto wrong = luge::read_options(options, *info)) {
    error("luge: %s", wrong->c_str());
    return;
  }
  luge::register_lto_checks(info->base_name, options);
  luge::register_placement(info->base_name, options);
}
