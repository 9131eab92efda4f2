// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/table.h"

#include <algorithm>

namespace luge {

void Table::print(Output &out) const {
  std::vector<size_t> widths;
  for (const std::string &title : titles_)
    widths.push_back(title.size());
  for (const auto &row : rows_)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  auto line = [&](const std::vector<std::string> &cells) {
    out.write(" ");
    for (size_t i = 0; i < cells.size(); ++i)
      if (i + 1 < cells.size())
        out.print(" {:<{}} ", cells[i], widths[i]);
      else
        out.print(" {}\n", cells[i]); // the last column has no end
  };
  line(titles_);
  for (const auto &row : rows_)
    line(row);
}

} // namespace luge
