// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rules of call_stack.h, one by one, as a list of what the sink was told.
#include <gtest/gtest.h>

#include "test/unit/tool/synthetic.h"
#include "tool/call_stack.h"

namespace luge::test {
namespace {

class Calls : public testing::Test {
protected:
  Calls() { t.thread(1); }

  // What a view of this trace sees: "+f" entered, "-f" left, with how and the time.
  std::string seen() {
    TemporaryFile file;
    t.write(file.path());
    std::string error;
    auto reader = TraceReader::open(file.path(), error);
    const TraceThread &thread = reader->trace().threads[0];
    Sink sink{reader->trace(), {}};
    CallStack<Sink> stack(reader->trace(), thread, sink);
    ThreadEvents events(*reader, thread);
    for (TraceEvent e; events.next(e);)
      stack.feed(e);
    stack.finish();
    return sink.text;
  }

  struct Sink {
    const Trace &trace;
    std::string text;
    void say(const std::string &s) { text += (text.empty() ? "" : " ") + s; }
    const std::string &name(uint32_t f) { return trace.functions[f].name; }
    void enter(const CallFrame &f, size_t) { say("+" + name(f.function)); }
    void leave(const CallFrame &f, size_t depth, uint64_t tsc, Leave how) {
      static const char *const words[] = {"", "!exception", "!longjmp", "!lost", "!open"};
      say(fmt::format("-{}@{}:{}{}", name(f.function), depth, tsc - f.entered,
                      words[static_cast<int>(how)]));
    }
    void point(uint32_t f, size_t depth, uint64_t) { say(fmt::format(".{}@{}", name(f), depth)); }
    void orphan(uint32_t f, uint64_t, Leave) { say("?" + name(f)); }
    void lost(uint64_t count, uint64_t) { say(fmt::format("*{}", count)); }
  };

  SyntheticTrace t;
  uint32_t f = t.function("f"), g = t.function("g"), h = t.function("h"),
           s = t.function("s", LUGE_SITE_CALLS_SETJMP), v = t.function("v", 0, 255);
};

TEST_F(Calls, Nest) {
  t.entry(f, 10), t.entry(g, 20), t.exit(g, 25), t.entry(g, 30), t.exit(g, 40), t.exit(f, 50);
  EXPECT_EQ(seen(), "+f +g -g@1:5 +g -g@1:10 -f@0:40");
}

TEST_F(Calls, RecursionPopsTheInnermost) {
  t.entry(f, 10), t.entry(f, 20), t.exit(f, 30), t.exit(f, 50);
  EXPECT_EQ(seen(), "+f +f -f@1:10 -f@0:40");
}

TEST_F(Calls, ExceptionLeavesFrameByFrame) {
  t.entry(f, 10), t.entry(g, 20), t.entry(h, 30), t.unwound(h, 40), t.unwound(g, 41), t.exit(f, 50);
  EXPECT_EQ(seen(), "+f +g +h -h@2:10!exception -g@1:21!exception -f@0:40");
}

TEST_F(Calls, UnwindingOfADeeperFrameTakesWhatIsAbove) {
  t.entry(f, 10), t.entry(g, 20), t.entry(h, 30), t.unwound(g, 40), t.exit(f, 50);
  EXPECT_EQ(seen(), "+f +g +h -h@2:10!exception -g@1:20!exception -f@0:40");
}

TEST_F(Calls, ExitOfADeeperFrameMeansLongjmp) {
  t.entry(f, 10), t.entry(g, 20), t.entry(h, 30), t.exit(f, 50);
  EXPECT_EQ(seen(), "+f +g +h -h@2:20!longjmp -g@1:30!longjmp -f@0:40");
}

TEST_F(Calls, LongjmpPopsToTheInnermostSetjmpCaller) {
  t.entry(s, 10), t.entry(f, 20), t.entry(s, 25), t.entry(g, 30), t.entry(h, 40);
  t.special(SpecialEvent::Longjmp);
  t.entry(g, 50), t.exit(g, 60);
  EXPECT_EQ(seen(), "+s +f +s +g +h -h@4:10!longjmp -g@3:20!longjmp +g -g@3:10 "
                    "-s@2:35!open -f@1:40!open -s@0:50!open");
}

TEST_F(Calls, LongjmpWithoutSetjmpCallerChangesNothing) {
  t.entry(f, 10), t.special(SpecialEvent::Longjmp), t.exit(f, 20);
  EXPECT_EQ(seen(), "+f -f@0:10");
}

TEST_F(Calls, TailCallIsExitThenEntry) {
  t.entry(f, 10), t.exit(f, 20), t.entry(g, 20), t.exit(g, 30);
  EXPECT_EQ(seen(), "+f -f@0:10 +g -g@0:10");
}

TEST_F(Calls, EntryOnlyFunctionNeverOpensAFrame) {
  t.entry(f, 10), t.entry(v, 20), t.entry(g, 30), t.exit(g, 40), t.exit(f, 50);
  EXPECT_EQ(seen(), "+f .v@1 +g -g@1:10 -f@0:40");
}

TEST_F(Calls, FunctionTracerHasPointsOnly) {
  t.tracer = "function";
  t.entry(f, 10), t.entry(g, 20);
  EXPECT_EQ(seen(), ".f@0 .g@0");
}

TEST_F(Calls, OrphansAtTheStartOfAnOverwrittenRing) {
  t.exit(h, 5), t.exit(g, 6), t.entry(h, 7), t.exit(h, 9), t.exit(f, 10);
  EXPECT_EQ(seen(), "?h ?g +h -h@0:2 ?f");
}

TEST_F(Calls, OpenAtTheEndHasTheTimeUntilThen) {
  t.entry(f, 10), t.entry(g, 20), t.exit(g, 70);
  EXPECT_EQ(seen(), "+f +g -g@1:50 -f@0:60!open");
}

TEST_F(Calls, LossesMakeOpenFramesUncertain) {
  t.entry(f, 10), t.entry(g, 20);
  t.special(SpecialEvent::Lost, 3);
  t.entry(h, 30), t.exit(h, 40), t.exit(f, 50);
  EXPECT_EQ(seen(), "+f +g *3 +h -h@2:10 -g@1:30!lost -f@0:40");
}

TEST_F(Calls, MissingPageIsALoss) {
  t.entry(f, 10);
  t.page(100, 0, 5);
  t.exit(f, 200);
  EXPECT_EQ(seen(), "+f *0 -f@0:190");
}

TEST_F(Calls, ZeroWordsAreNothing) {
  t.entry(f, 10), t.word(0), t.exit(f, 20), t.word(0);
  EXPECT_EQ(seen(), "+f -f@0:10");
}

TEST_F(Calls, TimeOfAnInterruptedReservationDoesNotRunBackwards) {
  t.entry(f, 10), t.entry(g, 40), t.exit(g, 50), t.exit(f, 45);
  EXPECT_EQ(seen(), "+f +g -g@1:10 -f@0:40");
}

TEST_F(Calls, EventReadBeforeTheEpochEndedStaysInItsTime) {
  uint64_t next = (((kBaseTsc >> kEventTimeBits) + 1) << kEventTimeBits) - kBaseTsc;
  t.entry(f, next - 100);
  t.entry(g, next + 10); // of a signal handler, with its Epoch event
  t.exit(g, next + 20);
  t.word(
      make_event(EventKind::Exit, f, kEventTimeMask - 49)); // read 50 before the end, stored late
  t.entry(h, next + 30), t.exit(h, next + 40);
  EXPECT_EQ(seen(), "+f +g -g@1:10 -f@0:120 +h -h@0:10");
}

TEST_F(Calls, SameIdOfOneLibraryAfterAnotherIsToldByTime) {
  TraceModule second = t.module;
  t.module.unloaded_tsc = kBaseTsc + 100;
  second.path = "/usr/lib/second.so";
  second.loaded_tsc = kBaseTsc + 150;
  second.names = std::string("F\0G\0H\0S\0V\0", 10);
  for (uint32_t i = 0; i < 5; ++i)
    second.sites[i].name = 2 * i;
  t.more_modules = {second};
  t.entry(f, 10), t.exit(f, 20), t.entry(f, 200), t.exit(f, 210);
  EXPECT_EQ(seen(), "+f -f@0:10 +F -F@0:10");
}

} // namespace
} // namespace luge::test
