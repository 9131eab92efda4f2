// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "test/unit/tool/synthetic.h"

namespace luge::test {
namespace {

TEST(Replay, FunctionGraphLooksAsInFtrace) {
  SyntheticTrace t = small_trace();
  EXPECT_EQ(replay_text(t),
            "# tracer: function_graph      program: app (gcc 12, 4 functions)      lost: 0\n"
            "#   TID     DURATION              FUNCTION CALLS\n"
            "   4127 |               |  main() {\n"
            "   4127 |    0.171 us   |    leaf();\n"
            "   4127 |               |    log(); /* entry only */\n"
            "   4127 |               |    json::Parser::value() {\n"
            "   4127 |               |      json::Parser::value() {\n"
            "   4127 | +  12.604 us  |        leaf(); /* left by exception */\n"
            "   4127 | +  14.000 us  |      } /* json::Parser::value: left by exception */\n"
            "   4127 | !  118.02 us  |    } /* json::Parser::value */\n"
            " ------------------------------------------\n"
            "   app-4127  =>  worker-4128\n"
            " ------------------------------------------\n"
            "   4128 |    1.500 us   |  leaf();\n"
            " ------------------------------------------\n"
            "   worker-4128  =>  app-4127\n"
            " ------------------------------------------\n"
            "   4127 | $  1999999 us |  } /* main */\n");
}

TEST(Replay, StableOutputHasNoTimesAndOneThreadAfterTheOther) {
  SyntheticTrace t = small_trace();
  ReplayOptions o;
  o.stable = true;
  o.full_names = true;
  EXPECT_EQ(replay_text(t, o),
            "# tracer: function_graph      program: app (gcc 12, 4 functions)      lost: 0\n"
            "#   TID     DURATION              FUNCTION CALLS\n"
            "      1 |               |  main() {\n"
            "      1 |    0.000 us   |    leaf();\n"
            "      1 |               |    log(); /* entry only */\n"
            "      1 |               |    json::Parser::value() {\n"
            "      1 |               |      json::Parser::value() {\n"
            "      1 |    0.000 us   |        leaf(); /* left by exception */\n"
            "      1 |    0.000 us   |      } /* json::Parser::value(): left by exception */\n"
            "      1 |    0.000 us   |    } /* json::Parser::value() */\n"
            "      1 |    0.000 us   |  } /* main */\n"
            " ------------------------------------------\n"
            "   app-1  =>  worker-2\n"
            " ------------------------------------------\n"
            "      2 |    0.000 us   |  leaf();\n");
}

std::string body(const std::string &text) { // without the header
  size_t first = text.find('\n');
  return text.substr(text.find('\n', first + 1) + 1);
}

TEST(Replay, FilterShowsSubtreesOnly) {
  SyntheticTrace t = small_trace();
  ReplayOptions o;
  o.filter = {"json::*"};
  EXPECT_EQ(body(replay_text(t, o)),
            "   4127 |               |  json::Parser::value() {\n"
            "   4127 |               |    json::Parser::value() {\n"
            "   4127 | +  12.604 us  |      leaf(); /* left by exception */\n"
            "   4127 | +  14.000 us  |    } /* json::Parser::value: left by exception */\n"
            "   4127 | !  118.02 us  |  } /* json::Parser::value */\n");
  o.notrace = {"leaf"};
  o.depth = 1;
  EXPECT_EQ(body(replay_text(t, o)), "   4127 | !  118.02 us  |  json::Parser::value() { … }\n");
}

TEST(Replay, ThresholdShowsLongCallsAndWhatIsAroundThem) {
  SyntheticTrace t = small_trace();
  ReplayOptions o;
  o.threshold_ns = 13'000;
  EXPECT_EQ(body(replay_text(t, o)),
            "   4127 |               |  main() {\n"
            "   4127 |               |    json::Parser::value() {\n"
            "   4127 | +  14.000 us  |      json::Parser::value(); /* left by exception */\n"
            "   4127 | !  118.02 us  |    } /* json::Parser::value */\n"
            "   4127 | $  1999999 us |  } /* main */\n");
}

TEST(Replay, ThreadAndTimeRange) {
  SyntheticTrace t = small_trace();
  ReplayOptions o;
  o.tids = {4128};
  EXPECT_EQ(body(replay_text(t, o)), "   4128 |    1.500 us   |  leaf();\n");
  o.tids = {};
  o.from_ns = 1500;
  o.to_ns = 2600;
  EXPECT_EQ(body(replay_text(t, o)), "   4127 |    0.171 us   |  leaf();\n"
                                     "   4127 |               |  log(); /* entry only */\n");
}

TEST(Replay, NamesTheClosestFunctions) {
  SyntheticTrace t = small_trace();
  ReplayOptions o;
  o.filter = {"laef*"};
  EXPECT_EQ(replay_text(t, o), "no function matches 'laef*' (4 known). Closest: leaf");
}

TEST(Replay, FunctionTracer) {
  SyntheticTrace t;
  uint32_t main = t.function("main"), nameless = t.function("");
  t.tracer = "function";
  t.thread(4127);
  t.entry(main, 1000);
  t.entry(nameless, 2000);
  EXPECT_EQ(replay_text(t),
            "# tracer: function      program: app (gcc 12, 2 functions)      lost: 0\n"
            "#           TASK-TID         TIMESTAMP  FUNCTION\n"
            "#              | |               |         |\n"
            "             app-4127             1.000001: main\n"
            "             app-4127             1.000002: app+0x1040\n");
}

TEST(Replay, OrphanLostLongjmpAndOpenCalls) {
  SyntheticTrace t;
  uint32_t main = t.function("main", LUGE_SITE_CALLS_SETJMP), f = t.function("f");
  t.thread(7);
  t.exit(f, 500);
  t.entry(main, 1000);
  t.entry(f, 2000);
  t.special(SpecialEvent::Longjmp);
  t.entry(f, 3000);
  t.entry(f, 3100);
  t.page(4000, 3114);
  t.exit(main, 5000);
  t.entry(f, 6000);
  EXPECT_EQ(body(replay_text(t)), "      7 |               |  } /* f: entry not in the trace */\n"
                                  "      7 |               |  main() {\n"
                                  "      7 |               |    f() {\n"
                                  "      7 |    1.000 us   |    } /* f: left by longjmp */\n"
                                  "      7 |               |    f() {\n"
                                  "      7 |               |      f() {\n"
                                  "      7 |               |  /* 3,114 events lost */\n"
                                  "      7 |               |      } /* f: exit lost */\n"
                                  "      7 |               |    } /* f: exit lost */\n"
                                  "      7 |    4.000 us   |  } /* main */\n"
                                  "      7 |               |  f() {\n");
}

TEST(Replay, ProcessesAreShownWhereThereAreSeveral) {
  SyntheticTrace t;
  uint32_t f = t.function("f");
  t.thread(100, "app", 100);
  t.entry(f, 1000);
  t.exit(f, 1100);
  t.thread(200, "app", 200, 100); // a fork child has its parent's functions
  t.entry(f, 2000);
  t.exit(f, 2100);
  EXPECT_EQ(body(replay_text(t)), "    100     100 |    0.100 us   |  f();\n"
                                  " ------------------------------------------\n"
                                  "   app-100  =>  app-200\n"
                                  " ------------------------------------------\n"
                                  "    200     200 |    0.100 us   |  f();\n");
}

TEST(Replay, TimeIsWholeAcrossEpochs) {
  SyntheticTrace t;
  uint32_t f = t.function("f"), g = t.function("g");
  t.thread(1);
  t.entry(f, 1000);
  t.entry(g, 1'073'000'000); // the next epoch begins at 1,073,729,479
  t.exit(g, 1'074'000'000);
  t.exit(f, 9'000'001'000);
  EXPECT_EQ(body(replay_text(t)), "      1 |               |  f() {\n"
                                  "      1 | !  1000.0 us  |    g();\n"
                                  "      1 | $  9000000 us |  } /* f */\n");
}

} // namespace
} // namespace luge::test
