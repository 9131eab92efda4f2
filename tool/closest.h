// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// "Did you mean", for commands, options and functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luge {

// The candidates nearest to `word`, at most `count`, the nearest first; none if none is near.
std::vector<std::string> closest(std::string_view word, const std::vector<std::string> &candidates,
                                 size_t count = 1);

} // namespace luge
