// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Function commands: what is done when a function is hit (set_ftrace_filter's `func:command:count` of the
// kernel). Each is an ordinary user of the hooks.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <new>

#include "luge/ftrace.h"
#include "runtime/buffer/ring.h"
#include "runtime/core/ops.h"
#include "runtime/sys/text.h"
#include "runtime/tracers/recording.h"

namespace luge {
namespace {

struct CommandKind {
  const char *name;
  void (*run)(unsigned long ip);
};
constexpr CommandKind kCommands[] = {
    {"traceon", [](unsigned long) { set_recording(true); }},
    {"traceoff", [](unsigned long) { set_recording(false); }},
    {"snapshot", [](unsigned long) { session_copy(0, nullptr); }},
    {"dump", [](unsigned long) { luge_dump(0); }},
    {"cpudump", [](unsigned long) { luge_dump(1); }},
    {"stacktrace", [](unsigned long ip) { record_stack(ip); }},
};

struct Command {
  ftrace_ops ops;
  const CommandKind *kind;
  char *pattern;
  long left; // hits that still do something; negative: any number
  Command *next;
};
Command *commands; // under the runtime's lock

void on_hit(unsigned long ip, unsigned long, ftrace_ops *op, ftrace_regs *) {
  auto *c = static_cast<Command *>(op->private_data);
  long left = __atomic_load_n(&c->left, __ATOMIC_RELAXED);
  while (left > 0 &&
         !__atomic_compare_exchange_n(&c->left, &left, left - 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  if (left)
    c->kind->run(ip);
}

const CommandKind *find_command(std::string_view name) {
  for (const CommandKind &k : kCommands)
    if (name == k.name)
      return &k;
  return nullptr;
}

struct Line {
  std::string_view pattern;
  const CommandKind *kind = nullptr;
  long count = -1;
  bool ends = false;
};

// [!]PATTERN:COMMAND[:COUNT]; the pattern may have colons of its own ("a::b", ":mod:").
bool parse(std::string_view text, Line *line) {
  line->ends = text.starts_with('!');
  if (line->ends)
    text.remove_prefix(1);
  for (int round = 0; round < 2; ++round) {
    size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
      return false;
    std::string_view last(text.data() + colon + 1, text.size() - colon - 1);
    line->pattern = text = std::string_view(text.data(), colon);
    line->kind = find_command(last);
    if (line->kind)
      return !text.empty();
    char digits[20] = {};
    uint64_t count = 0;
    if (round || last.size() >= sizeof digits)
      return false;
    memcpy(digits, last.data(), last.size());
    if (!sys::parse_number(digits, &count) || !count || count > INT64_MAX)
      return false;
    line->count = static_cast<long>(count);
  }
  return false;
}

void forget(Command *c) {
  if (user_of(&c->ops) && user_of(&c->ops)->bit)
    unregister_user(*user_of(&c->ops));
  free_user(&c->ops);
  free(c->pattern);
  free(c);
}

int end_commands(const Line &line) {
  int result = -ENOENT;
  for (Command **at = &commands; *at;)
    if (Command *c = *at; c->kind == line.kind && line.pattern == c->pattern) {
      *at = c->next;
      forget(c);
      result = 0;
    } else
      at = &c->next;
  return result;
}

int begin_command(const Line &line) {
  auto *c = static_cast<Command *>(calloc(1, sizeof(Command)));
  if (!c)
    return -ENOMEM;
  c->kind = line.kind;
  c->left = line.count;
  c->ops.func = on_hit;
  c->ops.private_data = c;
  c->pattern = strndup(line.pattern.data(), line.pattern.size());
  User *u = c->pattern ? make_user(&c->ops) : nullptr;
  int matched = u ? change_patterns(*u, &User::filter, line.pattern, true) : -ENOMEM;
  int e = matched == -ENOENT ? 0 : matched;
  if (!e) {
    u->callback = on_hit;
    set_simple_callback(*u);
    e = register_user(*u);
  }
  if (e) {
    forget(c);
    return e;
  }
  c->next = commands;
  commands = c;
  return matched;
}

} // namespace

int function_command(std::string_view text) {
  Line line;
  if (!parse(text, &line))
    return -EINVAL;
  return line.ends ? end_commands(line) : begin_command(line);
}

void function_commands_from_environment() {
  const char *rest = sys::environment("LUGE_COMMANDS");
  prepare_recording(rest && strstr(rest, "stacktrace"));
  while (rest && *rest) {
    size_t size = strcspn(rest, ";\n");
    std::string_view one(rest, size);
    rest += rest[size] ? size + 1 : size;
    int e = one.empty() ? 0 : function_command(one);
    if (e && e != -ENOENT)
      sys::report() << "LUGE_COMMANDS: " << one << ": want PATTERN:COMMAND[:COUNT] with traceon, traceoff, snapshot, "
                       "dump, cpudump or stacktrace";
  }
}

} // namespace luge

LUGE_API int luge_function_command(const char *line) {
  if (!line)
    return -EINVAL;
  if (luge::inside_callback())
    return -EDEADLK;
  luge::prepare_recording(strstr(line, "stacktrace")); // without the lock: it may load an object
  luge::Locked locked;
  return luge::function_command(line);
}
