// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/filter.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "sled/glob.h"

namespace luge {

namespace {

constexpr std::string_view kModule = ":mod:";

size_t hash_of(std::string_view s) { // FNV-1a
  uint64_t h = 0xcbf29ce484222325ull;
  for (char c : s)
    h = (h ^ static_cast<uint8_t>(c)) * 0x100000001b3ull;
  return static_cast<size_t>(h ^ h >> 32);
}

template <class T> bool append(T **array, size_t *count, size_t *room, T value) {
  if (*count == *room) {
    size_t more = *room ? 2 * *room : 8;
    void *p = realloc(static_cast<void *>(*array), more * sizeof(T));
    if (!p)
      return false;
    *array = static_cast<T *>(p);
    *room = more;
  }
  (*array)[(*count)++] = value;
  return true;
}

bool is_exact(std::string_view s) { return s.find_first_of("*?[\\: ") == std::string_view::npos; }

// The glob of `:mod:` against an object's path, its file name, and that up to ".so".
bool is_module(std::string_view glob, const Module &m) {
  std::string_view path = m.path, name = path;
  size_t slash = path.rfind('/');
  if (slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  size_t so = name.find(".so");
  return glob_match(glob, path) || glob_match(glob, name) ||
         (so != std::string_view::npos && glob_match(glob, std::string_view(name.data(), so)));
}

} // namespace

struct Filter::Pattern {
  char *text;        // without `!` and module, NUL-terminated
  char *module;      // null: of any
  regex_t *compiled; // null: a glob
  bool negative, other_modules, exact;

  std::string_view view() const { return text; }
  bool names(const FunctionName &n) const {
    if (compiled) {
      char buffer[1024]; // views may end in the middle of a longer name
      if (regexec(compiled, n.mangled.data(), 0, nullptr, 0) == 0 ||
          regexec(compiled, n.demangled.data(), 0, nullptr, 0) == 0)
        return true;
      size_t size = n.named.size() < sizeof buffer ? n.named.size() : sizeof buffer - 1;
      memcpy(buffer, n.named.data(), size);
      buffer[size] = 0;
      return regexec(compiled, buffer, 0, nullptr, 0) == 0;
    }
    return glob_match(view(), n.mangled) || glob_match(view(), n.demangled) || glob_match(view(), n.qualified) ||
           glob_match(view(), n.named);
  }
  bool in(const Module &m) const { return !module || is_module(module, m) != other_modules; }
  void free_all() {
    free(text);
    free(module);
    if (compiled)
      regfree(compiled);
    free(compiled);
  }
};

int Filter::compile(Pattern &p, std::string_view regex) {
  p.text = strndup(regex.data(), regex.size());
  p.compiled = static_cast<regex_t *>(calloc(1, sizeof(regex_t)));
  if (!p.text || !p.compiled)
    return -ENOMEM;
  if (regcomp(p.compiled, p.text, REG_EXTENDED | REG_NOSUB) == 0)
    return 0;
  free(p.compiled);
  p.compiled = nullptr;
  return -EINVAL;
}

// [!] PATTERN or /REGEX/, [:mod:[!]DSO]
int Filter::parse(Pattern &p, std::string_view text) {
  p.negative = text.starts_with('!');
  if (p.negative)
    text.remove_prefix(1);
  size_t at = text.rfind(kModule);
  if (at != std::string_view::npos) {
    std::string_view module(text.data() + at + kModule.size(), text.size() - at - kModule.size());
    p.other_modules = module.starts_with('!');
    if (p.other_modules)
      module.remove_prefix(1);
    if (!(p.module = strndup(module.data(), module.size())))
      return -ENOMEM;
    text = std::string_view(text.data(), at);
    if (text.empty())
      text = "*";
    else if (module.empty())
      return -EINVAL;
  }
  if (text.size() > 1 && text.front() == '/' && text.back() == '/')
    return compile(p, std::string_view(text.data() + 1, text.size() - 2));
  p.exact = !p.module && is_exact(text);
  p.text = strndup(text.data(), text.size());
  return !p.text ? -ENOMEM : text.empty() ? -EINVAL : 0;
}

bool Filter::note_exact(uint32_t index) {
  if (2 * (name_count + 1) > name_room) {
    size_t more = name_room ? 2 * name_room : 16;
    auto *fresh = static_cast<uint32_t *>(calloc(more, sizeof *names));
    if (!fresh)
      return false;
    for (size_t i = 0; i < name_room; ++i)
      if (names[i]) {
        size_t k = hash_of(patterns[names[i] - 1].view());
        while (fresh[k & (more - 1)])
          ++k;
        fresh[k & (more - 1)] = names[i];
      }
    free(names);
    names = fresh;
    name_room = more;
  }
  std::string_view name = patterns[index].view();
  size_t k = hash_of(name);
  while (names[k & (name_room - 1)] && patterns[names[k & (name_room - 1)] - 1].view() != name)
    ++k;
  uint32_t &place = names[k & (name_room - 1)];
  name_count += place == 0;
  place = index + 1;
  return true;
}

const Filter::Pattern *Filter::exact(std::string_view name) const {
  for (size_t k = hash_of(name); name_room; ++k) {
    uint32_t found = names[k & (name_room - 1)];
    if (!found)
      break;
    if (patterns[found - 1].view() == name)
      return &patterns[found - 1];
  }
  return nullptr;
}

int Filter::add_one(std::string_view text) {
  Pattern p = {};
  int e = parse(p, text);
  if (!e && !append(&patterns, &pattern_count, &pattern_room, p))
    e = -ENOMEM;
  if (e) {
    p.free_all();
    return e;
  }
  auto index = static_cast<uint32_t>(pattern_count - 1);
  return (p.exact ? note_exact(index) : append(&others, &other_count, &other_room, index)) ? 0 : -ENOMEM;
}

int Filter::add_patterns(std::string_view text) {
  size_t before = pattern_count;
  while (!text.empty()) {
    size_t stop = text.find_first_of(";\n");
    if (stop == std::string_view::npos)
      stop = text.size();
    std::string_view one(text.data(), stop);
    text.remove_prefix(stop < text.size() ? stop + 1 : stop);
    if (one.empty())
      continue;
    if (int e = add_one(one)) {
      drop(before);
      return e;
    }
  }
  set = set || pattern_count > before;
  everything = pattern_count == 1 && !strcmp(patterns[0].text, "*") && !patterns[0].negative && !patterns[0].module &&
               !patterns[0].compiled && !added.size() && !removed.size();
  return 0;
}

// Takes the patterns from `from` on out again.
void Filter::drop(size_t from) {
  for (size_t i = from; i < pattern_count; ++i)
    patterns[i].free_all();
  pattern_count = from;
  other_count = name_count = 0;
  if (names)
    memset(names, 0, name_room * sizeof *names);
  for (uint32_t i = 0; i < from; ++i) // there is room: it was there before
    if (patterns[i].exact)
      note_exact(i);
    else
      others[other_count++] = i;
}

bool Filter::add_address(uintptr_t address) {
  removed.remove(address);
  if (!added.add(address))
    return false;
  everything = false;
  return set = true;
}

bool Filter::remove_address(uintptr_t address) {
  added.remove(address);
  everything = false;
  return !pattern_count || removed.add(address);
}

void Filter::forget_address(uintptr_t address) {
  added.remove(address);
  removed.remove(address);
}

bool Filter::selects(uintptr_t function, const Module &module, const FunctionName *name) const {
  if (everything || added.has(function))
    return true;
  if (!pattern_count || removed.has(function) || !name)
    return false;
  const Pattern *last = nullptr;
  for (std::string_view form : {name->mangled, name->qualified, name->named})
    if (const Pattern *p = exact(form); p > last)
      last = p;
  for (size_t i = other_count; i--;) {
    const Pattern &p = patterns[others[i]];
    if (&p < last)
      break;
    if (p.in(module) && p.names(*name)) {
      last = &p;
      break;
    }
  }
  return last && !last->negative;
}

void Filter::clear() {
  drop(0);
  free(patterns);
  free(others);
  free(names);
  added.clear();
  removed.clear();
  *this = Filter();
}

void Filter::take_from(Filter &other) {
  *this = other;
  other = Filter();
}

void Filter::take(Filter &other) {
  clear();
  take_from(other);
}

} // namespace luge
