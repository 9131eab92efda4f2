// SPDX-License-Identifier: GPL-3.0-or-later
// Where the text of sled/text.h goes in GCC's output: three passes and a hook.
#pragma once

#include "sled/options.h"

namespace luge {

// Registers the passes and hooks of the plugin called PLUGIN_NAME. OPTIONS outlives the
// compilation.
void register_placement(const char *plugin_name, const Options &options);

} // namespace luge
