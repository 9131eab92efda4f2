// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Entries matched with exits, one thread at a time: the only place with the rules, used by replay,
// report and the exporters.
//
//   exit or unwinding of the top frame     pops it
//   ... of a deeper frame                  pops what is above it too: left by longjmp, by the same
//                                          exception, or, where events were lost, with its exit
//                                          lost
//   ... of no open frame                   an orphan: entered before the trace, or its entry lost
//   longjmp                                pops down to the innermost open frame that calls setjmp;
//                                          nothing if there is none; its time is that of the
//                                          thread's next event
//   entry of a function without exit       a point: it never opens a frame
//   tail call                              exit of the one, entry of the other: nothing special
//   end of the thread's events             what is open stays open, with the time until then
//
// A Sink has these members; `depth` is the number of frames around the call.
//   void enter(const CallFrame &frame, size_t depth);
//   void leave(const CallFrame &frame, size_t depth, uint64_t tsc, Leave how);
//   void point(uint32_t function, size_t depth, uint64_t tsc);
//   void orphan(uint32_t function, uint64_t tsc, Leave how);
//   void lost(uint64_t count, uint64_t tsc); // 0: not known how many
//   void stack(uint32_t function, size_t depth, uint64_t tsc); // optional: one line of a stack trace
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sled/record.h"
#include "tool/thread_events.h"

namespace luge {

enum class Leave : uint8_t { Return, Exception, Longjmp, ExitLost, Open };

struct CallFrame {
  uint64_t entered = 0;
  uint64_t children = 0; // ticks in calls made from here, for the sink's use
  uint32_t function = 0, id = 0;
};

// Whether the time between entry and leaving is the call's own.
inline bool has_duration(Leave how) { return how != Leave::ExitLost; }

template <typename Sink> class CallStack {
public:
  // `graph`: the tracer recorded exits; without it every entry is a point.
  CallStack(const Trace &trace, const TraceThread &thread, Sink &sink)
      : functions_(trace.functions), thread_(thread), sink_(sink), graph_(trace.has_graph()) {}

  void feed(const TraceEvent &e) {
    last_ = e.tsc;
    switch (e.kind) {
    case TraceEventKind::Entry:
      return entry(e);
    case TraceEventKind::Exit:
      return exit(e, Leave::Return);
    case TraceEventKind::Unwound:
      return exit(e, Leave::Exception);
    case TraceEventKind::Longjmp:
      return longjmp(e.tsc);
    case TraceEventKind::Lost:
      uncertain_ = frames_.size();
      return sink_.lost(e.lost, e.tsc);
    case TraceEventKind::Stack:
      if constexpr (requires { sink_.stack(0u, size_t{}, uint64_t{}); })
        sink_.stack(find_function(thread_, e.id, e.tsc), frames_.size(), e.tsc);
      return;
    }
  }

  // No more events: innermost first.
  void finish() {
    while (!frames_.empty())
      pop(last_, Leave::Open);
  }

  CallFrame *top() { return frames_.empty() ? nullptr : &frames_.back(); }

private:
  static constexpr size_t kNear = 64; // frames searched before open ids are counted

  void entry(const TraceEvent &e) {
    uint32_t function = find_function(thread_, e.id, e.tsc);
    if (!graph_ || !functions_[function].has_exit)
      return sink_.point(function, frames_.size(), e.tsc);
    frames_.push_back({e.tsc, 0, function, e.id});
    setjmp_callers_ += calls_setjmp(function);
    if (counted_)
      ++open_[e.id];
    sink_.enter(frames_.back(), frames_.size() - 1);
  }

  void exit(const TraceEvent &e, Leave how) {
    if (frames_.empty() || frames_.back().id != e.id) {
      size_t depth = search(e.id);
      if (!depth)
        return sink_.orphan(find_function(thread_, e.id, e.tsc), e.tsc, how);
      pop_above(depth, e.tsc, how == Leave::Exception ? how : Leave::Longjmp);
    }
    pop(e.tsc, how);
  }

  void longjmp(uint64_t tsc) {
    if (!setjmp_callers_)
      return;
    size_t depth = frames_.size();
    while (!calls_setjmp(frames_[depth - 1].function))
      --depth;
    pop_above(depth, tsc, Leave::Longjmp);
  }

  bool calls_setjmp(uint32_t function) const {
    return functions_[function].flags & LUGE_SITE_CALLS_SETJMP;
  }

  void pop_above(size_t depth, uint64_t tsc, Leave how) {
    while (frames_.size() > depth)
      pop(tsc, frames_.size() <= uncertain_ ? Leave::ExitLost : how);
  }

  void pop(uint64_t tsc, Leave how) {
    CallFrame frame = frames_.back();
    frames_.pop_back();
    uncertain_ = std::min(uncertain_, frames_.size());
    setjmp_callers_ -= calls_setjmp(frame.function);
    if (counted_)
      --open_[frame.id];
    sink_.leave(frame, frames_.size(), tsc, how);
  }

  // Depth (from 1) of the innermost frame with this id; 0: none. Cheap for the usual near miss;
  // beyond that, open ids are counted from then on, so that no trace makes this quadratic.
  size_t search(uint32_t id) {
    size_t end = frames_.size(), near = end > kNear ? end - kNear : 0;
    for (size_t depth = end; depth > near; --depth)
      if (frames_[depth - 1].id == id)
        return depth;
    if (!near)
      return 0;
    if (!counted_) {
      counted_ = true;
      for (const CallFrame &f : frames_)
        ++open_[f.id];
    }
    auto open = open_.find(id);
    if (open == open_.end() || !open->second)
      return 0;
    size_t depth = near;
    while (frames_[depth - 1].id != id)
      --depth;
    return depth;
  }

  const std::vector<TraceFunction> &functions_;
  const TraceThread &thread_;
  Sink &sink_;
  bool graph_, counted_ = false;
  std::vector<CallFrame> frames_;
  std::unordered_map<uint32_t, uint32_t> open_;
  size_t setjmp_callers_ = 0;
  size_t uncertain_ = 0; // frames below this depth were open when events were lost
  uint64_t last_ = 0;
};

} // namespace luge
