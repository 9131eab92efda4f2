// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/closest.h"

#include <algorithm>
#include <tuple>

namespace luge {
namespace {

// Levenshtein, one row at a time.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j)
    row[j] = j;
  for (size_t i = 0; i < a.size(); ++i) {
    size_t corner = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      size_t change = corner + (a[i] != b[j]);
      corner = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, corner + 1});
    }
  }
  return row.back();
}

} // namespace

std::vector<std::string> closest(std::string_view word, const std::vector<std::string> &candidates,
                                 size_t count) {
  size_t limit = std::max<size_t>(2, word.size() / 3);
  std::vector<std::pair<size_t, const std::string *>> near;
  for (const std::string &candidate : candidates) {
    if (word.size() > 256 || candidate.size() + limit < word.size())
      continue;
    // The word may also be the beginning of a longer name.
    std::string_view begin = std::string_view(candidate).substr(0, word.size());
    size_t cost =
        std::min(distance(word, begin),
                 candidate.size() <= word.size() + limit ? distance(word, candidate) : limit + 1);
    if (cost <= limit)
      near.emplace_back(cost, &candidate);
  }
  std::stable_sort(near.begin(), near.end(), [](auto &a, auto &b) {
    return std::tuple(a.first, a.second->size(), *a.second) <
           std::tuple(b.first, b.second->size(), *b.second);
  });
  std::vector<std::string> out;
  for (auto &[cost, candidate] : near)
    if (out.size() < count && (out.empty() || out.back() != *candidate))
      out.push_back(*candidate);
  return out;
}

} // namespace luge
