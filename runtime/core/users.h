// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the runtime keeps for a user of function hooks (ftrace_ops::luge_internal)
// and for the built-in tracer. Written under the runtime's lock; dispatch reads
// the users that are published in Runtime::users, and their filters never.
#pragma once

#include "luge/ftrace.h"
#include "runtime/core/filter.h"
#include "runtime/core/sites.h"

namespace luge {

enum class UserKind : uint8_t { Tracer, Callback, Count, Direct, Graph };

struct Tids { // sorted; replaced as a whole
  size_t count;
  uint32_t ids[];

  bool has(uint32_t tid) const {
    size_t low = 0, high = count;
    while (low < high) {
      size_t middle = (low + high) / 2;
      if (ids[middle] == tid)
        return true;
      if (ids[middle] < tid)
        low = middle + 1;
      else
        high = middle;
    }
    return false;
  }
};

struct User {
  ftrace_func_t func = nullptr;  // null: not a Callback user, or one that needs more than luge_one_entry gives
  ftrace_ops *ops = nullptr;     // null: the built-in tracer
  ftrace_func_t callback = nullptr; // of every Callback user
  fgraph_ops *graph = nullptr;   // of a Graph user
  unsigned long *nmissed = nullptr; // its count of calls without a handler
  const Tids *tids = nullptr;    // null: every thread
  void *direct = nullptr;        // of a Direct user
  Users bit = 0;                 // 0: not registered; kMoreUsers: one of many
  uint32_t epoch = 0;            // of its registration: frames opened before it are not its own
  UserKind kind = UserKind::Callback;
  bool silent = false;           // FTRACE_OPS_FL_STUB

  Filter filter, notrace, roots; // roots: -g
  const AddressSet *wanted = nullptr; // of a kMoreUsers user: the functions that it sees; replaced as a whole
  AddressSet *next = nullptr;         // what it becomes
};

// By index, and a null behind them. Trampolines read it.
extern "C" User *luge_users[kMaxIndexed + 1];

// The callback users without a bit of their own: replaced as a whole.
struct MoreUsers {
  size_t count;
  User *users[];
};

} // namespace luge
