// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Left-aligned columns as wide as what stands in them.
#pragma once

#include <string>
#include <vector>

#include "tool/output.h"

namespace luge {

class Table {
public:
  void column(std::string title) { titles_.push_back(std::move(title)); }
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void print(Output &out) const;

private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace luge
