// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Text that the registration constructor and destructor of every architecture
// share (record.h): symbols, sections and the byte that says whether the link
// unit is registered. What they do in between is in arch/<name>/sled_text.cpp.
#pragma once

#include <string>

namespace luge::module_text {

inline std::string line(const std::string &text) { return "\t" + text + "\n"; }

// COMDAT byte of the link unit. Both functions ask it first, because lld keeps the copies of all
// LTO objects in spite of COMDAT (its bitcode is deduplicated by symbol).
inline constexpr const char *state = "luge_module_state";

inline std::string comdat(const std::string &section, const char *flags, const std::string &type,
                          const std::string &name) {
  return line(".pushsection " + section + ",\"" + flags + "G\",%" + type + "," + name + ",comdat");
}

inline std::string weak_hidden(const std::string &name) {
  return line(".weak " + name) + line(".hidden " + name);
}

// What the functions refer to, and the state byte.
inline std::string symbols(unsigned state_alignment = 1) {
  std::string out;
  for (const char *s :
       {"__start_luge_sites", "__stop_luge_sites", "__start_luge_names", "__stop_luge_names"})
    out += weak_hidden(s);
  out += weak_hidden(state) + comdat(std::string(".bss.") + state, "aw", "nobits", state);
  if (state_alignment > 1)
    out += line(".balign " + std::to_string(state_alignment));
  return out + state + ":\n" + line(".zero " + std::to_string(state_alignment)) +
         line(".popsection");
}

// The end of function NAME, which calls CALLEE, and the pointer to it in ARRAY (of WORD, ".quad").
inline std::string end_function(const std::string &name, const std::string &array,
                                const std::string &callee, unsigned pointer_size,
                                const char *word) {
  std::string type = array.substr(1, array.find('.', 1) - 1);
  return line(".size " + name + ", . - " + name) + line(".popsection") + line(".weak " + callee) +
         comdat(array, "aw", type, name) + line(".balign " + std::to_string(pointer_size)) +
         line(std::string(word) + " " + name) + line(".popsection");
}

} // namespace luge::module_text
