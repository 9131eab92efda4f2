// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers and times as the tool writes and reads them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luge {

std::string with_commas(uint64_t number);     // 12,904,117
std::string byte_text(uint64_t bytes);        // 206 MB
std::string time_text(double ns, int digits); // 1.92 s, 18 ms, 2.7 us, 171 ns
std::string graph_duration(double ns);        // "12.604 us", always in us, as ftrace
char graph_mark(double ns);                   // + ! # * @ $ as in the kernel, or ' '

// "10us", "1.5ms", "2s", "100" (ns) -> ns.
std::optional<double> parse_time(std::string_view text);

} // namespace luge
