// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of a module's functions, for filters: from the ELF file's symbol
// table, else from luge_names, else from the dynamic symbols. Open only while
// a filter is resolved; nothing of it stays in memory.
#pragma once

#include <string_view>

#include "runtime/core/sites.h"

namespace luge {

class ModuleNames {
public:
  explicit ModuleNames(const Module &m);
  ~ModuleNames();
  ModuleNames(const ModuleNames &) = delete;

  // The mangled name of the function at this run-time address; null: unknown.
  const char *find(uintptr_t function) const;

private:
  struct Entry {
    uintptr_t address;
    const char *name;
  };
  void add(uintptr_t address, const char *name);
  bool read_symbols(uint32_t type);
  void read_names_section();
  void sort();

  const Module &module;
  const uint8_t *file = nullptr;
  size_t file_bytes = 0;
  Entry *entries = nullptr;
  size_t count = 0, room = 0;
};

// The forms in which a function may be named. The demangler is the program's own
// (__cxa_demangle, if it has one).
class FunctionName {
public:
  explicit FunctionName(const char *mangled); // null: no name, which `*` matches
  ~FunctionName();
  FunctionName(const FunctionName &) = delete;

  std::string_view mangled = "", demangled = "", qualified = ""; // C: all the same
  std::string_view named = "";                                // qualified without "(anonymous namespace)::"

private:
  char *owned = nullptr, *shortened = nullptr;
};

} // namespace luge
