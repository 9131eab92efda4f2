// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/thread_events.h"

namespace luge {

// Steps to the next good page. `event` becomes a Lost event if something is missing before it,
// else one with time stamp 0.
bool ThreadEvents::next_page(TraceEvent &event) {
  while (page_ < thread_->pages.size()) {
    const TracePage &page = thread_->pages[page_++];
    gap_ = gap_ || page.lost_before || (page_ > 1 && page.sequence != next_sequence_);
    next_sequence_ = page.sequence + 1;
    at_ = 0;
    if (!reader_->load(page, words_)) {
      gap_ = true;
      continue;
    }
    epoch_ = page.first_tsc & ~kEventTimeMask;
    last_ = std::max(last_, page.first_tsc & ~kEventTimeMask);
    event = {};
    if (gap_) {
      event.tsc = std::max<uint64_t>(last_, 1);
      event.lost = page.lost_before;
    }
    gap_ = false;
    return true;
  }
  words_ = {};
  return false;
}

bool ThreadEvents::special(uint64_t word, TraceEvent &event) {
  switch (special_of(word)) {
  case SpecialEvent::Epoch:
    epoch_ = event_time(word) << kEventTimeBits;
    return false;
  case SpecialEvent::Lost:
    event = {last_, event_time(word), 0, TraceEventKind::Lost};
    return true;
  case SpecialEvent::Longjmp:
    event = {time_ahead(), 0, 0, TraceEventKind::Longjmp};
    return true;
  case SpecialEvent::Stack:
    event = {time_ahead(), 0, stack_function_of(word), TraceEventKind::Stack};
    return true;
  }
  return false; // also the zero word: a reservation that was never filled in
}

// The time of the next event, for one that has none of its own; of the last one if none is near.
uint64_t ThreadEvents::time_ahead() const {
  uint64_t epoch = epoch_;
  for (size_t i = at_; i < words_.size() && i < at_ + 16; ++i)
    if (event_kind(words_[i]) != EventKind::Special)
      return std::max(last_, epoch | event_time(words_[i]));
    else if (event_id_of(words_[i]) == static_cast<uint32_t>(SpecialEvent::Epoch))
      epoch = event_time(words_[i]) << kEventTimeBits;
  return last_;
}

// Whether a time far ahead of the last one was read just before the epoch ended and stored just
// behind the Epoch event of a signal handler: what follows it is far below it again.
bool ThreadEvents::late(uint64_t low) const {
  for (size_t i = at_; i < words_.size() && i < at_ + 4; ++i) {
    if (event_kind(words_[i]) != EventKind::Special)
      return event_time(words_[i]) + (1u << (kEventTimeBits - 1)) < low;
    if (words_[i] && event_id_of(words_[i]) == static_cast<uint32_t>(SpecialEvent::Epoch))
      return false;
  }
  return false;
}

} // namespace luge
