// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The session: shared memory of this process and its recorder, and the rings
// in it (sled/trace_format.h). Attached once; never unmapped.
#pragma once

#include "runtime/core/thread.h"
#include "sled/trace_format.h"

namespace luge {

struct Session {
  SessionHeader *header = nullptr; // null: none
  uint64_t blocks = 0;             // of one ring
  char path[900] = {};             // of a flight recorder; empty: a recorder's session

  bool attached() const { return header; }
};
extern Session session;

// Maps the session at `path`, made by a recorder. False after a line on standard error.
bool session_attach(const char *path);
// Makes a session file of its own: flight recorder, ring_bytes for each of max_rings threads.
bool session_create(const char *path, uint64_t ring_bytes, uint32_t max_rings);

// A free entry of the module table; null and counted where there is none.
ModuleEntry *session_module();

// That of an object which this process has had at this place before; null: none.
ModuleEntry *session_known_module(uint32_t pid, uint64_t sites, const char *path);

// The flight recorder's file as it is now, to FILE.snapshot (number 0) or FILE.<number>.dump; with the rings
// of all threads, or `only` this one. Any context. 0, -ENOENT, -EBUSY, errors of files.
int session_copy(unsigned number, const RingHeader *only);

bool ring_take(Thread *t);     // gives the thread a ring; false: none is free
void ring_finish(Thread *t);   // hands over what is there; the thread has ended
void ring_next_block(Thread *t); // signals blocked; leaves pos < limit
void ring_use_sink(Thread *t); // events are lost (and counted) from here on

} // namespace luge
