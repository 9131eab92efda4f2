/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Between the runtime and luge-near.o (arch/NAME/near.S), which luge-cc links into each executable and shared object
 * that uses libluge.so: a trampoline that stands beside the functions it is for, because a branch to code that is
 * gigabytes away costs more than the rest of an empty callback. The object hands its trampoline over in a constructor
 * (priority 100: before the unit's own luge_module_register) and keeps no address of the runtime but those that the
 * runtime fills in then; these two symbols are weak there. `version` is LUGE_NEAR_VERSION of arch/NAME/frame.def: an
 * object of another one is left alone, and its unit's calls go through the runtime's own trampolines.
 */
#ifndef LUGE_SLED_NEAR_H
#define LUGE_SLED_NEAR_H

#include <stdint.h>

struct luge_near {
  intptr_t thread;         /* where luge_thread lies, from the thread pointer: the same for all threads */
  const void *users;       /* luge_users */
  const void *dispatch;    /* luge_dispatch_one: whatever is not the common case */
  const void *personality; /* of the trampoline's frame */
  /* The runtime's alone. */
  struct luge_near *next;
  const void *one_general;         /* the trampoline: one callback, no vector register live */
  uintptr_t text_begin, text_end;  /* of the unit, once its sites are known */
};

#ifdef __cplusplus
extern "C" {
#endif
void luge_near_register(struct luge_near *near, int version, const void *one_general);
void luge_near_unregister(struct luge_near *near);
#ifdef __cplusplus
}
#endif

#endif
