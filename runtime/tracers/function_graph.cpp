// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// function_graph with limits (-D depth, -g root, -t threshold), and beside other users of a site. Plain
// function_graph is in the trampoline and never comes here.
#include "arch/current/cpu.h"
#include "arch/current/foreign.h"
#include "arch/current/patch.h"
#include "runtime/core/dispatch.h"
#include "runtime/core/near_entry.h"
#include "runtime/tracers/recording.h"

namespace luge {

namespace {

// A call shorter than the threshold whose entry is the thread's latest event leaves no trace.
bool take_back(Thread *t, const Frame &f) {
  if (!rt.limits.threshold || arch::read_clock() - f.entry_time() >= rt.limits.threshold)
    return false;
  auto *word = reinterpret_cast<volatile uint64_t *>(f.entry_event());
  uint64_t event = *word;
  if (t->pos != f.entry_event() + 8 || event_id_of(event) != event_of(f))
    return false;
  *word = 0;
  if (arch::replace_uninterrupted(&t->pos, f.entry_event() + 8, f.entry_event()))
    return true;
  *word = event;
  return false;
}

} // namespace

bool recording_calls() { return luge_tracing_on; }

bool graph_records(Thread *t, const Site &s) {
  const GraphLimits &l = rt.limits;
  if (!luge_tracing_on)
    return false;
  uint32_t below = t->depth;
  if (l.rooted) {
    if (!t->root_depth) {
      if (!(s.state & SiteGraphRoot))
        return false;
      below = 0;
    } else
      below = t->depth - (t->root_depth - 1);
  }
  return !l.depth || below < l.depth;
}

void graph_open(Thread *t, const Frame &f, const Site &s) {
  if (rt.limits.rooted && s.state & SiteGraphRoot && !t->root_depth)
    t->root_depth = t->depth + 1;
  write_event(t, EventKind::Entry, event_of(f));
  f.entry_event() = t->pos - 8;
  f.entry_time() = arch::read_clock();
}

void graph_close(Thread *t, const Frame &f, EventKind how) {
  if (how == EventKind::Unwound || !take_back(t, f))
    write_event(t, how, event_of(f));
}

// ---- What the slots of sites hold

namespace {

Entry many(const Site &s) {
  return s.state & SiteSpecial ? Entry::ManySpecial : s.no_vectors ? Entry::ManyGeneral : Entry::Many;
}

Entry entry_of_user(const Site &s, const User *u) {
  bool simple = u && !u->tids && !(u->bit & (rt.with_regs | rt.changers));
  if (u && u->kind == UserKind::Direct && !u->tids)
    return Entry::Direct;
  if (simple && u->kind == UserKind::Count)
    return Entry::Count;
  if (simple && u->kind == UserKind::Callback && !u->silent && !(s.state & SiteSpecial))
    return s.no_vectors ? Entry::OneGeneral : Entry::One;
  return many(s);
}

} // namespace

Entry entry_for(const Site &s) {
  switch (s.users) {
  case kFunctionUser:
    return Entry::Function;
  case kGraphUser:
    return rt.limits.any() ? Entry::GraphLimited : s.state & SiteHasExit ? Entry::Graph : Entry::Function;
  case kMoreUsers:
    return many(s);
  default:
    if (s.users & (s.users - 1))
      return many(s);
    return entry_of_user(s, rt.users[__builtin_ctzll(s.users)]);
  }
}

void *address_of(Entry entry, const Site &s) {
  if (entry != Entry::Direct && arch::is_foreign_stub(reinterpret_cast<const uint8_t *>(stub_of(s))))
    return entry == Entry::Function ? reinterpret_cast<void *>(arch::luge_foreign_function_entry)
                                    : reinterpret_cast<void *>(arch::luge_foreign_many_entry);
  switch (entry) {
  case Entry::None:
    return nullptr;
  case Entry::Function:
    return reinterpret_cast<void *>(arch::luge_function_entry);
  case Entry::Graph:
    if (!s.stack_args)
      return reinterpret_cast<void *>(arch::luge_graph_entry);
    return reinterpret_cast<char *>(arch::luge_graph_args) + arch::kArgsStep * (s.stack_args - 1);
  case Entry::GraphLimited:
    return reinterpret_cast<void *>(arch::luge_limited_entry);
  case Entry::Count:
    return reinterpret_cast<void *>(arch::luge_count_entry);
  case Entry::Direct:
    return rt.users[__builtin_ctzll(s.users)]->direct;
  case Entry::Many:
    return reinterpret_cast<void *>(arch::luge_many_entry);
  case Entry::ManySpecial:
    return reinterpret_cast<void *>(arch::luge_many_special_entry);
  case Entry::One:
    return reinterpret_cast<void *>(arch::luge_one_entry);
  case Entry::ManyGeneral:
    return reinterpret_cast<void *>(arch::luge_many_general_entry);
  case Entry::OneGeneral:
    if (void *near = near_one_general(s))
      return near;
    return reinterpret_cast<void *>(arch::luge_one_general_entry);
  }
  return nullptr;
}

} // namespace luge
