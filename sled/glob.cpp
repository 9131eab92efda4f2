// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Freestanding: also compiled into the runtime, which has libc alone.
#include "sled/glob.h"

namespace luge {
namespace {

constexpr size_t npos = std::string_view::npos;

// substr() that cannot throw: the runtime has no libstdc++.
std::string_view part(std::string_view s, size_t begin, size_t size = npos) {
  begin = begin < s.size() ? begin : s.size();
  return {s.data() + begin, size < s.size() - begin ? size : s.size() - begin};
}

// Length of the set that begins at p[i] == '[', or 0 if it is an ordinary character.
size_t set_length(std::string_view p, size_t i) {
  size_t j = i + 1;
  if (j < p.size() && p[j] == '!')
    ++j;
  if (j >= p.size() || p[j] == ']')
    return 0;
  for (; j < p.size(); ++j)
    if (p[j] == ']')
      return j - i + 1;
  return 0;
}

bool set_has(std::string_view set, char c) {
  set = part(set, 1, set.size() - 2);
  bool negated = set[0] == '!';
  if (negated)
    set.remove_prefix(1);
  bool found = false;
  for (size_t i = 0; i < set.size(); ++i)
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found = found || (set[i] <= c && c <= set[i + 2]);
      i += 2;
    } else
      found = found || set[i] == c;
  return found != negated;
}

// Matches one element of the pattern at p[i] against c; sets the element's length.
bool one_match(std::string_view p, size_t i, char c, size_t *length) {
  *length = 1;
  if (p[i] == '?')
    return true;
  if (p[i] == '\\' && i + 1 < p.size()) {
    *length = 2;
    return p[i + 1] == c;
  }
  if (p[i] == '[')
    if (size_t n = set_length(p, i)) {
      *length = n;
      return set_has(part(p, i, n), c);
    }
  return p[i] == c;
}

// The index of the '(' that opens the parameter list, or npos.
size_t parameters_begin(std::string_view s) {
  size_t end = s.size();
  while (end && s[end - 1] != ')') // " const", " &&", " [clone .cold]" behind the list
    --end;
  int depth = 0;
  for (size_t i = end; i-- > 0;) {
    if (s[i] == ')')
      ++depth;
    else if (s[i] == '(' && --depth == 0)
      return i == 0 ? npos : i;
  }
  return npos;
}

bool is_anonymous_namespace(std::string_view s, size_t open) {
  return part(s, open, 21) == "(anonymous namespace)";
}

bool operator_begins(std::string_view s, size_t i) { // the rest is then the operator's name
  return part(s, i, 8) == "operator" && (i == 0 || s[i - 1] == ':' || s[i - 1] == ' ');
}

// "void (*f<int>(int))(char)", "int (&g<int>())[3]": what is returned goes around the name. The
// declarator inside the parentheses without its '*' and '&', or nothing.
std::string_view inner_declarator(std::string_view s) {
  int angle = 0;
  for (size_t i = 0; i < s.size() && !operator_begins(s, i); ++i) {
    angle += s[i] == '<';
    angle -= s[i] == '>';
    if (s[i] != '(' || angle)
      continue;
    size_t begin = s.find_first_not_of("*&", i + 1);
    if (begin == npos || begin == i + 1 || (i && s[i - 1] != ' '))
      return {};
    int depth = 1;
    for (size_t j = begin; j < s.size(); ++j) {
      depth += s[j] == '(';
      if (s[j] == ')' && --depth == 0)
        return part(s, begin, j - begin);
    }
  }
  return {};
}

} // namespace

bool glob_match(std::string_view p, std::string_view t) {
  size_t i = 0, j = 0, star = npos, resume = 0;
  while (j < t.size()) {
    size_t length;
    if (i < p.size() && p[i] == '*') {
      star = i++;
      resume = j;
    } else if (i < p.size() && one_match(p, i, t[j], &length)) {
      i += length;
      ++j;
    } else if (star != npos) {
      i = star + 1;
      j = ++resume;
    } else
      return false;
  }
  while (i < p.size() && p[i] == '*')
    ++i;
  return i == p.size();
}

std::string_view qualified_name(std::string_view s) {
  for (std::string_view inner; !(inner = inner_declarator(s)).empty();)
    s = inner;
  size_t open = parameters_begin(s);
  if (open == npos || is_anonymous_namespace(s, open))
    return s;
  // operator()(int): the list found is the last one, so "operator()" stays whole.
  std::string_view head = part(s, 0, open);
  if (head.size() >= 8 && part(head, head.size() - 8) == "operator") // "operator()" itself
    return s;
  // Drop a return type: text up to the last space outside <>, () and not behind "operator".
  size_t cut = 0;
  int angle = 0, paren = 0;
  for (size_t i = 0; i < head.size(); ++i) {
    char c = head[i];
    if (operator_begins(head, i))
      break;
    angle += c == '<';
    angle -= c == '>' && (i == 0 || head[i - 1] != '-');
    paren += c == '(' || c == '{';
    paren -= c == ')' || c == '}';
    if (c == ' ' && angle == 0 && paren == 0)
      cut = i + 1;
  }
  return part(head, cut);
}

namespace {

// Copies `name` without "(anonymous namespace)::"; empty where there is none, or no room.
std::string_view without_anonymous(std::string_view name, char *buffer, size_t room) {
  constexpr std::string_view anonymous = "(anonymous namespace)::";
  size_t size = 0;
  bool found = false;
  for (size_t i = 0; i < name.size();) {
    if (part(name, i, anonymous.size()) == anonymous) {
      i += anonymous.size();
      found = true;
    } else if (size == room)
      return {};
    else
      buffer[size++] = name[i++];
  }
  return found ? std::string_view(buffer, size) : std::string_view();
}

} // namespace

bool name_match(std::string_view pattern, std::string_view mangled, std::string_view demangled) {
  std::string_view qualified = qualified_name(demangled);
  if (glob_match(pattern, mangled) || glob_match(pattern, demangled) || glob_match(pattern, qualified))
    return true;
  char buffer[512];
  std::string_view open = without_anonymous(qualified, buffer, sizeof buffer);
  return !open.empty() && glob_match(pattern, open);
}

} // namespace luge
