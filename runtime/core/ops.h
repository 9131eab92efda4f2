// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the files of the public API share. All of it under the runtime's lock.
#pragma once

#include <errno.h>

#include <string_view>

#include "luge/ftrace.h"
#include "runtime/core/runtime.h"

#define LUGE_API extern "C" __attribute__((visibility("default")))

namespace luge {

User *user_of(ftrace_ops *ops);   // null: none yet
User *make_user(ftrace_ops *ops); // null: no memory
void free_user(ftrace_ops *ops);  // unless it is registered
void set_simple_callback(User &u);
int register_user(User &u);
void unregister_user(User &u);
int change_patterns(User &u, Filter User::*which, std::string_view patterns, bool reset);
int change_addresses(User &u, const unsigned long *ips, size_t count, bool remove, bool reset);
bool inside_callback(); // the calling thread is; without the lock

// What a function of the API does under the lock, unless its arguments are wrong or a callback calls it.
template <class F> int locked_api(bool valid, F f) {
  if (!valid)
    return -EINVAL;
  if (inside_callback())
    return -EDEADLK;
  Locked locked;
  return f();
}

void *reserve_data(unsigned user, uint32_t bytes);
void *retrieve_data(unsigned user, int *bytes);

} // namespace luge
