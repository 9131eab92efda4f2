// SPDX-License-Identifier: GPL-3.0-or-later
// Under -flto sleds are made at the link. A plugin that is missing on one side must not be
// silence; lto.cpp says how it is noticed.
#pragma once

#include "sled/options.h"

namespace luge {

void register_lto_checks(const char *plugin_name, const Options &options);

} // namespace luge
