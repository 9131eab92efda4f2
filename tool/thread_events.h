// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The events of one thread in order, with whole time stamps: the only place that knows epochs,
// zero words and gaps between pages.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sled/trace_format.h"
#include "tool/trace_reader.h"

namespace luge {

enum class TraceEventKind : uint8_t { Entry, Exit, Unwound, Longjmp, Lost, Stack };

struct TraceEvent {
  uint64_t tsc = 0;
  uint64_t lost = 0; // Lost: how many; 0: not known
  uint32_t id = 0;
  TraceEventKind kind = TraceEventKind::Lost;
};

class ThreadEvents {
public:
  ThreadEvents(TraceReader &reader, const TraceThread &thread)
      : reader_(&reader), thread_(&thread) {}

  const TraceThread &thread() const { return *thread_; }
  bool next(TraceEvent &event) {
    for (;;) {
      while (at_ < words_.size())
        if (decode(words_[at_++], event))
          return true;
      if (!next_page(event))
        return false;
      if (event.kind == TraceEventKind::Lost && event.tsc)
        return true;
    }
  }
  size_t pages_done() const { return page_; }

private:
  bool next_page(TraceEvent &event);
  bool special(uint64_t word, TraceEvent &event);
  uint64_t time_ahead() const;
  bool late(uint64_t low) const;

  bool decode(uint64_t word, TraceEvent &event) {
    EventKind kind = event_kind(word);
    if (kind == EventKind::Special)
      return special(word, event);
    uint64_t low = event_time(word), tsc = epoch_ | low;
    if (tsc > last_ + (1u << (kEventTimeBits - 1)) && late(low))
      tsc -= uint64_t(1) << kEventTimeBits;
    last_ = std::max(last_, tsc); // a signal handler's event may stand before an earlier one
    event.tsc = last_;
    event.id = event_id_of(word);
    event.kind = kind == EventKind::Entry  ? TraceEventKind::Entry
                 : kind == EventKind::Exit ? TraceEventKind::Exit
                                           : TraceEventKind::Unwound;
    return true;
  }

  TraceReader *reader_;
  const TraceThread *thread_;
  std::vector<uint64_t> words_;
  size_t at_ = 0, page_ = 0;
  uint64_t epoch_ = 0, last_ = 0, next_sequence_ = 0;
  bool gap_ = false; // pages are missing or damaged before the next one
};

} // namespace luge
