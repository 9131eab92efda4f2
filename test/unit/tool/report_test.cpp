// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/tool/synthetic.h"
#include "tool/dump.h"
#include "tool/report.h"
#include "tool/text.h"

namespace luge::test {
namespace {

std::string report_text(SyntheticTrace &t, const ReportOptions &options = {}) {
  TemporaryFile file;
  t.write(file.path());
  std::string error, text;
  auto reader = TraceReader::open(file.path(), error);
  {
    Output out(text);
    report(*reader, options, out);
  }
  return text;
}

TEST(Report, Columns) {
  SyntheticTrace t = small_trace();
  EXPECT_EQ(report_text(t),
            "  TOTAL    SELF     CALLS  AVG     MIN     MAX     FUNCTION\n"
            "  2.00 s   2.00 s   1      2.0 s   2.0 s   2.0 s   main()\n"
            "  118 us   105 us   2      66 us   14 us   118 us  json::Parser::value()\n"
            "  14.3 us  14.3 us  3      4.8 us  171 ns  13 us   leaf()\n"
            "  -        -        1      -       -       -       log()\n");
}

TEST(Report, SortedByAnyColumn) {
  SyntheticTrace t = small_trace();
  auto first = [&](const char *column) {
    ReportOptions o;
    o.sort = column;
    o.top = 1;
    std::string text = report_text(t, o);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
    return text.substr(text.rfind(' ') + 1);
  };
  EXPECT_EQ(first("total"), "main()\n");
  EXPECT_EQ(first("self"), "main()\n");
  EXPECT_EQ(first("calls"), "leaf()\n");
  EXPECT_EQ(first("avg"), "main()\n");
  EXPECT_EQ(first("min"), "main()\n");
  EXPECT_EQ(first("max"), "main()\n");
  EXPECT_EQ(first("function"), "json::Parser::value()\n");
}

TEST(Report, RecursionCountsOutermostOnly) {
  SyntheticTrace t;
  uint32_t f = t.function("f"), g = t.function("g");
  t.thread(1);
  t.entry(f, 0), t.entry(g, 100), t.entry(f, 200);
  t.exit(f, 300), t.exit(g, 400), t.exit(f, 1000);
  TemporaryFile file;
  t.write(file.path());
  std::string error;
  auto reader = TraceReader::open(file.path(), error);
  FunctionCost cost = measure(*reader).functions[1];
  EXPECT_EQ(cost.calls, 2u);
  EXPECT_EQ(cost.total, 1000u);
  EXPECT_EQ(cost.self, 800u); // 1000 - 300, and 100
  EXPECT_EQ(cost.sum, 1100u);
  EXPECT_EQ(cost.min, 100u);
  EXPECT_EQ(cost.max, 1000u);
}

TEST(Report, StableHasNoTimes) {
  SyntheticTrace t = small_trace();
  ReportOptions o;
  o.stable = true;
  EXPECT_EQ(report_text(t, o), "  TOTAL  SELF  CALLS  AVG   MIN   MAX   FUNCTION\n"
                               "  0 ns   0 ns  3      0 ns  0 ns  0 ns  leaf()\n"
                               "  0 ns   0 ns  2      0 ns  0 ns  0 ns  json::Parser::value()\n"
                               "  -      -     1      -     -     -     log()\n"
                               "  0 ns   0 ns  1      0 ns  0 ns  0 ns  main()\n");
}

TEST(Report, Threads) {
  SyntheticTrace t = small_trace();
  ReportOptions o;
  o.threads = true;
  EXPECT_EQ(report_text(t, o), "  TIME     TRACED   CALLS  PID  TID   THREAD\n"
                               "  2.00 s   2.00 s   6      100  4127  app\n"
                               "  1.50 us  1.50 us  1      100  4128  worker\n");
}

TEST(Report, FunctionTracerHasCallsOnly) {
  SyntheticTrace t;
  uint32_t f = t.function("f");
  t.tracer = "function";
  t.thread(1);
  for (int i = 0; i < 1234; ++i)
    t.entry(f, 10);
  EXPECT_EQ(report_text(t), "  CALLS  FUNCTION\n"
                            "  1,234  f()\n");
}

TEST(Text, Times) {
  EXPECT_EQ(time_text(1.92e9, 3), "1.92 s");
  EXPECT_EQ(time_text(18.2e6, 2), "18 ms");
  EXPECT_EQ(time_text(2700, 2), "2.7 us");
  EXPECT_EQ(time_text(171, 3), "171 ns");
  EXPECT_EQ(time_text(999'600, 3), "1.00 ms");
  EXPECT_EQ(time_text(0, 3), "0 ns");
  EXPECT_EQ(with_commas(12904117), "12,904,117");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(byte_text(206e6), "206 MB");
  EXPECT_EQ(byte_text(1.2e9), "1.2 GB");
  EXPECT_EQ(byte_text(17), "17 B");
  EXPECT_EQ(graph_mark(10'000), ' ');
  EXPECT_EQ(graph_mark(10'001), '+');
  EXPECT_EQ(graph_mark(2e9), '$');
  EXPECT_EQ(parse_time("10us"), 10'000.0);
  EXPECT_EQ(parse_time("1.5ms"), 1.5e6);
  EXPECT_FALSE(parse_time("10parsecs"));
  EXPECT_FALSE(parse_time(""));
  EXPECT_FALSE(parse_time("-1s"));
}

// A recursive-descent check that the text is one JSON value.
class Json {
public:
  explicit Json(std::string_view text) : s_(text) {}
  bool valid() { return value() && (space(), at_ == s_.size()); }
  size_t objects = 0;

private:
  void space() {
    while (at_ < s_.size() && (s_[at_] == ' ' || s_[at_] == '\n'))
      ++at_;
  }
  bool eat(char c) {
    space();
    return at_ < s_.size() && s_[at_] == c ? (++at_, true) : false;
  }
  bool string() {
    if (!eat('"'))
      return false;
    for (; at_ < s_.size() && s_[at_] != '"'; ++at_) {
      if (static_cast<unsigned char>(s_[at_]) < 0x20)
        return false;
      if (s_[at_] == '\\' && !strchr("\"\\/bfnrtu", s_[++at_]))
        return false;
    }
    return eat('"');
  }
  bool list(char close, bool keys) {
    if (eat(close))
      return true;
    do {
      if (keys && !(string() && eat(':')))
        return false;
      if (!value())
        return false;
    } while (eat(','));
    return eat(close);
  }
  bool value() {
    space();
    if (eat('{'))
      return ++objects, list('}', true);
    if (eat('['))
      return list(']', false);
    if (at_ < s_.size() && s_[at_] == '"')
      return string();
    size_t begin = at_;
    while (at_ < s_.size() && strchr("-0123456789.", s_[at_]))
      ++at_;
    return at_ > begin;
  }
  std::string_view s_;
  size_t at_ = 0;
};

std::string chrome_text(SyntheticTrace &t) {
  TemporaryFile file;
  t.write(file.path());
  std::string error, text;
  auto reader = TraceReader::open(file.path(), error);
  {
    Output out(text);
    dump_chrome(*reader, false, out);
  }
  return text;
}

TEST(DumpChrome, IsJsonWithAnEventPerCall) {
  SyntheticTrace t = small_trace();
  std::string text = chrome_text(t);
  Json json(text);
  EXPECT_TRUE(json.valid()) << text;
  EXPECT_THAT(text, testing::HasSubstr("{\"name\":\"leaf\",\"ph\":\"X\",\"ts\":2.000,\"pid\":100,"
                                       "\"tid\":4127,\"dur\":0.171}"));
  EXPECT_THAT(text, testing::HasSubstr("\"dur\":12.604,\"args\":{\"left\":\"exception\"}}"));
  EXPECT_THAT(text, testing::HasSubstr("{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":100,"
                                       "\"tid\":4128,\"args\":{\"name\":\"worker\"}}"));
}

TEST(DumpChrome, HostileNamesAreEscaped) {
  SyntheticTrace t;
  uint32_t f = t.function("a\"b\\c\n\x01\xff\xc3\xa9\xed\xa0\x80");
  t.thread(1, "x\"y\\");
  t.entry(f, 10), t.exit(f, 20);
  std::string text = chrome_text(t);
  EXPECT_TRUE(Json(text).valid()) << text;
  EXPECT_EQ(json_text("a\"\\\n\xff\xc3\xa9"), "a\\\"\\\\\\u000a\\ufffd\xc3\xa9");
}

TEST(DumpChrome, EmptyTraceIsJson) {
  SyntheticTrace t;
  EXPECT_TRUE(Json(chrome_text(t)).valid());
}

} // namespace
} // namespace luge::test
