// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An object's trampoline serves the sites of the same text alone, and so is there for as long as they are: whoever is
// in it comes from one of their functions. It goes out of the list when its object is closed, after the sites; at the
// end of the process it stays where it is, as they do. A site that was switched on before it came keeps what it has.
#include "runtime/core/near_entry.h"

#include "arch/current/cpu.h"
#include "runtime/core/runtime.h"
#include "runtime/core/thread.h"
#include "sled/near.h"

extern "C" {
void luge_dispatch_one(const luge::Site *s, unsigned long parent_ip, ftrace_regs *regs);
int luge_personality(int, int actions, uint64_t, void *, void *context);
}

namespace luge {

#define NEAR_FIELD(name, offset) static_assert(offsetof(luge_near, name) == offset);
#include "arch/current/frame.def"
static_assert(sizeof(luge_near) == NEAR_BYTES);

namespace {

constexpr uint64_t mixed(uint64_t sum, const char *name, uint64_t number) {
  for (; *name; ++name)
    sum = (sum ^ static_cast<unsigned char>(*name)) * 0x100000001b3; // FNV-1a
  return (sum ^ number) * 0x100000001b3;
}

constexpr uint64_t what_programs_know() {
  uint64_t sum = mixed(0xcbf29ce484222325, "LUGE_NEAR_VERSION", LUGE_NEAR_VERSION);
  sum = mixed(sum, "kMaxIndexed", kMaxIndexed);
#define THREAD_FIELD(name, offset) sum = mixed(sum, "Thread::" #name, offset);
#define SITE_FIELD(name, offset) sum = mixed(sum, "Site::" #name, offset);
#define USER_FIELD(name, offset) sum = mixed(sum, "User::" #name, offset);
#define REGS_FIELD(name, offset) sum = mixed(sum, "ftrace_regs::" #name, offset);
#define REGS_HIDDEN(name, offset) REGS_FIELD(name, offset)
#define NEAR_FIELD(name, offset) sum = mixed(sum, "luge_near::" #name, offset);
#include "arch/current/frame.def"
  return sum;
}
static_assert(what_programs_know() == 13902483839412799566ull,
              "frame.def has changed, which programs were linked with: raise its LUGE_NEAR_VERSION, then write the new sum here");

luge_near *all;

} // namespace

void note_near_entries(const Module &m) {
  for (luge_near *n = all; n; n = n->next)
    if (auto at = reinterpret_cast<uintptr_t>(n->one_general); at >= m.text_begin && at < m.text_end) {
      n->text_begin = m.text_begin;
      n->text_end = m.text_end;
    }
}

// Sites come by the module: what is found comes to the front.
void *near_one_general(const Site &s) {
  for (luge_near **at = &all; luge_near *n = *at; at = &n->next)
    if (s.function >= n->text_begin && s.function < n->text_end) {
      *at = n->next;
      n->next = all;
      all = n;
      return const_cast<void *>(n->one_general);
    }
  return nullptr;
}

} // namespace luge

using namespace luge;

// Before the first traced call of its object, of which there is no other way here.
extern "C" __attribute__((visibility("default"))) void luge_near_register(luge_near *near, int version,
                                                                          const void *one_general) {
  if (version != LUGE_NEAR_VERSION)
    return;
  near->thread = static_cast<intptr_t>(reinterpret_cast<uintptr_t>(&luge_thread) - arch::thread_pointer());
  near->users = luge_users;
  near->dispatch = reinterpret_cast<const void *>(luge_dispatch_one);
  near->personality = reinterpret_cast<const void *>(luge_personality);
  near->one_general = one_general;
  Locked locked;
  near->next = all;
  all = near;
}

extern "C" __attribute__((visibility("default"))) void luge_near_unregister(luge_near *near) {
  Locked locked;
  for (luge_near **at = &all; *at; at = &(*at)->next)
    if (*at == near) {
      *at = near->next;
      return;
    }
}
