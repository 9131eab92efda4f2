// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Empties the rings of a session into a trace file while the program runs: whole blocks are
// copied straight from shared memory, nothing is done per event but count the calls. What was
// emptied is zeroed before the writer gets it back, so that zero always means "not written".
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "tool/session.h"
#include "tool/trace_writer.h"

namespace luge {

struct RecordedTotals {
  uint64_t calls = 0;        // Entry events taken out of the rings
  uint64_t events = 0;       // words taken out of the rings
  uint64_t lost = 0;         // events that never got into a ring, as the program counted them
  uint64_t lost_in_file = 0; // of these: told by the header of a page that is in the file
};

class Recorder {
public:
  Recorder(SharedSession &session, TraceWriter &writer) : session_(session), writer_(writer) {}

  double fullest() const; // how full the fullest ring is, 0..1
  void drain();           // takes what is complete
  // Frees the rings of threads that ended without saying so (killed, _exit, exec).
  void salvage();
  // Most rings are taken: look for dead ones often.
  bool is_short_of_rings() const { return taken_ > session_.max_rings() / 4 * 3; }
  // Everything that is left, unfinished blocks included. No more waiting of writers from here on.
  // Returns the processes that still run.
  std::set<uint32_t> finish();

  const RecordedTotals &totals() const { return totals_; }

private:
  struct View {          // what we know of one ring
    uint32_t thread = 0; // number in the file; 0: none yet for this generation
    uint32_t generation = 0;
    uint64_t tail = 0;
    bool seen_alive = false; // its thread's id means something here (pid namespaces)
  };

  void drain_ring(uint32_t index, unsigned most_blocks);
  void drain_block(uint32_t index, uint64_t number);
  void drain_unfinished(uint32_t index);
  void free_ring(uint32_t index);
  void begin_thread(View &view, const RingHeader &ring, uint32_t generation);
  bool is_dead(uint32_t index, bool ids_are_ours);
  bool was_replaced(const RingHeader &ring) const;
  View &view(uint32_t index);

  SharedSession &session_;
  TraceWriter &writer_;
  RecordedTotals totals_;
  std::vector<View> views_;
  uint32_t taken_ = 0; // rings that were not free when drain() came by
  uint32_t threads_ = 0;
};

} // namespace luge
