// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The only pattern matcher: `*` any run, `?` any one character, `[a-z]` and
// `[!a-z]` one of a set, `\x` x itself. A `[` without a closing `]`, and `[]`,
// stand for themselves, so that `operator[]` is a pattern that matches itself.
// No allocation, linear-ish time (one backtrack point), safe in any context.
#pragma once

#include <string_view>

namespace luge {

bool glob_match(std::string_view pattern, std::string_view text);

// Whether `pattern` names the function called `mangled`, demangled `demangled`
// (equal to `mangled` for C): matches the mangled name, the whole demangled
// name, or the qualified name without return type and parameters, with or without its
// "(anonymous namespace)::".
bool name_match(std::string_view pattern, std::string_view mangled, std::string_view demangled);

// "int ns::f<int>(char) const" -> "ns::f<int>"; "main" -> "main". A view into the argument.
std::string_view qualified_name(std::string_view demangled);

} // namespace luge
