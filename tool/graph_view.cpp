// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/graph_view.h"

#include "tool/text.h"

namespace luge {
namespace {

const char *left_text(Leave how) {
  switch (how) {
  case Leave::Exception:
    return "left by exception";
  case Leave::Longjmp:
    return "left by longjmp";
  case Leave::ExitLost:
    return "exit lost";
  case Leave::Return:
  case Leave::Open:
    break;
  }
  return "";
}

} // namespace

GraphView::Shown GraphView::child_of_top(uint32_t function, uint64_t tsc) const {
  const Shown *parent = shown_.empty() ? nullptr : &shown_.back();
  Shown s;
  s.function = function;
  s.entered = tsc;
  s.level = parent ? parent->level + parent->visible : 0;
  s.inside = printer_.filter.empty() || (parent && parent->inside) || printer_.filter[function];
  s.muted = (parent && parent->muted) || (!printer_.notrace.empty() && printer_.notrace[function]);
  s.visible = s.inside && !s.muted && in_range(tsc);
  return s;
}

bool GraphView::in_range(uint64_t tsc) const {
  const ReplayOptions &o = printer_.options;
  if (o.from_ns < 0 && o.to_ns >= 1e300)
    return true;
  double ns = static_cast<double>(printer_.trace.clock.ns(tsc));
  return o.from_ns <= ns && ns <= o.to_ns;
}

void GraphView::print_open(Shown &s) {
  printer_.line(thread_, {}, s.level, printer_.names.call(s.function) + " {");
  s.printed = true;
}

// Entries that waited for their duration and now have something inside to show.
void GraphView::print_pending() {
  for (; pending_ < shown_.size(); ++pending_)
    if (shown_[pending_].visible && !shown_[pending_].printed)
      print_open(shown_[pending_]);
}

void GraphView::enter(const CallFrame &frame, size_t) {
  Shown s = child_of_top(frame.function, frame.entered);
  unsigned depth = printer_.options.depth;
  if (s.visible && depth && s.level >= depth) {
    s.visible = false;
    // The innermost frame that is shown: its line says that there is more.
    for (size_t i = shown_.size(); i-- > 0;)
      if (shown_[i].visible) {
        shown_[i].cut = true;
        break;
      }
  }
  bool last_level = depth && s.level + 1 >= depth;
  shown_.push_back(s);
  if (s.visible && !leaf_ && !last_level && printer_.options.threshold_ns == 0)
    print_pending();
}

void GraphView::leave(const CallFrame &frame, size_t, uint64_t tsc, Leave how) {
  Shown s = shown_.back();
  bool long_enough = how == Leave::Open || how == Leave::ExitLost ||
                     printer_.trace.clock.ticks_ns(static_cast<double>(tsc - frame.entered)) >=
                         printer_.options.threshold_ns;
  if (s.visible && !s.printed && long_enough && how == Leave::Open)
    print_pending();
  shown_.pop_back();
  if (s.visible && !s.printed && long_enough && how != Leave::Open)
    print_pending();
  pending_ = std::min(pending_, shown_.size());
  if (!s.visible || how == Leave::Open || (!s.printed && !long_enough))
    return;
  std::optional<double> duration;
  if (has_duration(how))
    duration = printer_.trace.clock.ticks_ns(static_cast<double>(tsc - frame.entered));
  std::string comment = left_text(how);
  if (s.printed)
    printer_.line(thread_, duration, s.level, "}",
                  printer_.names[s.function] + (comment.empty() ? "" : ": ") + comment);
  else
    printer_.line(thread_, duration, s.level,
                  printer_.names.call(s.function) + (s.cut ? " { … }" : ";"), comment);
}

void GraphView::point(uint32_t function, size_t, uint64_t tsc) {
  Shown s = child_of_top(function, tsc);
  unsigned depth = printer_.options.depth;
  if (!s.visible || printer_.options.threshold_ns > 0)
    return;
  if (depth && s.level >= depth) {
    if (!shown_.empty() && shown_.back().visible)
      shown_.back().cut = true;
    return;
  }
  print_pending();
  printer_.line(thread_, {}, s.level, printer_.names.call(function) + ";", "entry only");
}

void GraphView::orphan(uint32_t function, uint64_t tsc, Leave) {
  Shown s = child_of_top(function, tsc);
  if (!s.visible || printer_.options.threshold_ns > 0)
    return;
  print_pending();
  printer_.line(thread_, {}, s.level, "}", printer_.names[function] + ": entry not in the trace");
}

void GraphView::stack(uint32_t function, size_t, uint64_t tsc) {
  Shown s = child_of_top(function, tsc);
  if (s.muted || !in_range(tsc))
    return;
  print_pending();
  printer_.line(thread_, {}, s.level, "", "=> " + printer_.names[function]);
}

void GraphView::lost(uint64_t count, uint64_t) {
  print_pending();
  printer_.line(thread_, {}, 0, "",
                count ? with_commas(count) + " events lost" : std::string("events lost"));
}

} // namespace luge
