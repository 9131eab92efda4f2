// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The reader against files that are whole, cut off, damaged, hostile or something else.
#include <cstring>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/tool/synthetic.h"
#include "tool/dump.h"
#include "tool/report.h"

namespace luge::test {
namespace {

using testing::HasSubstr;

std::string open_error(const std::string &path) {
  std::string error;
  return TraceReader::open(path, error) ? "" : error;
}

// Everything that reads a trace, over this file. Its words on stderr are returned.
std::string survive(const TemporaryFile &file, std::string_view content) {
  file.write(content);
  testing::internal::CaptureStderr();
  std::string error, text;
  if (auto reader = TraceReader::open(file.path(), error)) {
    Output out(text);
    replay(*reader, {}, out, error);
    report(*reader, {}, out);
    dump_chrome(*reader, false, out);
    dump_raw(*reader, out);
  } else {
    EXPECT_THAT(error, HasSubstr(file.path() + ": "));
  }
  return testing::internal::GetCapturedStderr();
}

TEST(TraceReader, RoundTrip) {
  SyntheticTrace t = small_trace();
  TemporaryFile file;
  ASSERT_TRUE(t.write(file.path()));
  std::string error;
  auto reader = TraceReader::open(file.path(), error);
  ASSERT_TRUE(reader) << error;
  const Trace &trace = reader->trace();
  EXPECT_TRUE(trace.complete);
  EXPECT_TRUE(trace.warnings.empty());
  EXPECT_EQ(trace.program(), "app");
  EXPECT_EQ(trace.functions.size(), 5u); // and [kUnknownFunction]
  EXPECT_EQ(trace.functions[2].name, "_ZN4json6Parser5valueEv");
  EXPECT_EQ(trace.functions[2].address, 0x1040u);
  EXPECT_FALSE(trace.functions[4].has_exit);
  ASSERT_EQ(trace.threads.size(), 2u);
  EXPECT_EQ(trace.threads[1].tid, 4128u);
  EXPECT_EQ(trace.threads[1].comm, "worker");
  EXPECT_EQ(trace.clock.ns(kBaseTsc + 1234), 1234);
  EXPECT_EQ(trace.words, trace.end.events);
}

TEST(TraceReader, WhatIsNoTraceIsRefusedInOneLine) {
  TemporaryFile file;
  EXPECT_THAT(open_error(file.path()), HasSubstr(": an empty file"));
  EXPECT_THAT(open_error("/tmp"), HasSubstr("a directory"));
  EXPECT_THAT(open_error("/dev/null"), HasSubstr("not a regular file"));
  EXPECT_THAT(open_error("/nonexistent/x.luge"), HasSubstr("No such file"));
  file.write("hello");
  EXPECT_THAT(open_error(file.path()), HasSubstr("not a luge trace"));
  file.write("this is some text, longer than a header of a trace");
  EXPECT_THAT(open_error(file.path()), HasSubstr("not a luge trace"));
  std::string bytes = small_trace().bytes();
  bytes[8] = 9;
  file.write(bytes);
  EXPECT_THAT(open_error(file.path()), HasSubstr("trace format 9; this luge reads 1"));
  file.write(bytes.substr(0, 8));
  EXPECT_THAT(open_error(file.path()), HasSubstr("cut off in its header"));
}

TEST(TraceReader, DamagedPageIsSkippedAndNamed) {
  SyntheticTrace t;
  uint32_t f = t.function("f"), g = t.function("g");
  t.thread(1);
  t.entry(f, 1000);
  t.exit(f, 1100);
  t.page(2000);
  t.entry(g, 2000);
  t.exit(g, 2100);
  t.page(3000);
  t.entry(f, 3000);
  t.exit(f, 3100);
  std::string bytes = t.bytes();
  uint64_t word = make_event(EventKind::Entry, g, (kBaseTsc + 2000) & kEventTimeMask);
  size_t at = bytes.find(std::string(reinterpret_cast<char *>(&word), 8));
  ASSERT_NE(at, bytes.npos);
  bytes[at] ^= 1;
  TemporaryFile file(bytes);
  testing::internal::CaptureStderr();
  std::string text = replay_text(file.path());
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "luge: " + file.path() + ": page 6 of 9 is damaged: skipped, the rest is shown\n");
  EXPECT_THAT(text, HasSubstr("|    0.100 us   |  f();\n"
                              "      1 |               |  /* events lost */\n"
                              "      1 |    0.100 us   |  f();\n"));
  EXPECT_EQ(text.find("g()"), text.npos);
}

TEST(TraceReader, DamagedHeaderLosesItsChunkAlone) {
  std::string bytes = small_trace().bytes();
  size_t events = bytes.find(std::string("CHNK\x05\0\0\0", 8));
  ASSERT_NE(events, bytes.npos);
  bytes[events + 8] ^= 0x10; // its length
  TemporaryFile file(bytes);
  std::string error;
  auto reader = TraceReader::open(file.path(), error);
  ASSERT_TRUE(reader) << error;
  EXPECT_TRUE(reader->trace().complete);
  EXPECT_EQ(reader->trace().warnings,
            std::vector<std::string>{"page 5 of 9 is damaged: skipped, the rest is shown"});
  EXPECT_EQ(reader->trace().threads.size(), 2u);
}

TEST(TraceReader, FileWithoutEndIsReadUpToItsLastWholeChunk) {
  SyntheticTrace t = small_trace();
  TemporaryFile whole, cut;
  t.write(whole.path());
  t.write(cut.path(), false);
  std::string error;
  auto reader = TraceReader::open(cut.path(), error);
  ASSERT_TRUE(reader);
  EXPECT_FALSE(reader->trace().complete);
  EXPECT_EQ(reader->trace().words, TraceReader::open(whole.path(), error)->trace().words);
}

TEST(TraceReader, EveryTruncationIsSurvived) {
  std::string bytes = small_trace().bytes();
  TemporaryFile file;
  for (size_t n = 0; n < bytes.size(); ++n)
    survive(file, bytes.substr(0, n));
}

TEST(TraceReader, EveryBitFlipIsSurvived) {
  std::string bytes = small_trace().bytes();
  TemporaryFile file;
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] ^= static_cast<char>(1 << bit);
      survive(file, bytes);
      bytes[i] ^= static_cast<char>(1 << bit);
    }
}

TEST(TraceReader, GarbageIsSurvived) {
  std::mt19937_64 random(7);
  TemporaryFile file;
  std::string valid = small_trace().bytes();
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 4096, '\0');
    for (char &c : bytes)
      c = static_cast<char>(random());
    if (round % 2) // behind a right beginning
      bytes = valid.substr(0, 16 + random() % (valid.size() - 16)) + bytes;
    survive(file, bytes);
  }
}

// With right hashes, so that the damage is believed.
TEST(TraceReader, HostileNumbersAreSurvived) {
  std::mt19937_64 random(11);
  TemporaryFile file;
  for (int round = 0; round < 300; ++round) {
    SyntheticTrace t = small_trace();
    auto wild = [&]() -> uint64_t { return random() >> (random() % 64); };
    for (SiteInfo &site : t.module.sites) {
      if (round & 1)
        site.id = static_cast<uint32_t>(wild());
      if (round & 2)
        site.name = static_cast<uint32_t>(wild());
      site.flags = static_cast<uint8_t>(wild());
    }
    t.module.loaded_tsc = wild();
    t.more_modules = {t.module, t.module};
    t.more_modules[1].bias = wild();
    for (int i = 0; i < 200; ++i)
      t.word(round & 4 ? wild()
                       : make_event(EventKind(random() % 4), uint32_t(random() % 4),
                                    random() & kEventTimeMask));
    t.page(wild(), wild(), wild());
    t.word(wild());
    t.write(file.path());
    survive(file, file.read());
  }
}

TEST(TraceReader, DeepStackWithForeignExitsIsNotQuadratic) {
  SyntheticTrace t;
  uint32_t f = t.function("f"), g = t.function("g");
  t.thread(1);
  for (int i = 0; i < 300'000; ++i)
    t.entry(f, 1000);
  for (int i = 0; i < 200'000; ++i) {
    t.exit(g, 2000);
    t.special(SpecialEvent::Longjmp);
  }
  TemporaryFile file;
  t.write(file.path());
  std::string error, text;
  auto reader = TraceReader::open(file.path(), error);
  Output out(text);
  report(*reader, {}, out);
}

std::string session_bytes() {
  SessionHeader h = {};
  h.magic = kSessionMagic;
  h.version = kSessionVersion;
  h.mode = BufferMode::Overwrite;
  h.modules_offset = kPage;
  h.rings_offset = 2 * kPage;
  h.max_modules = 8;
  h.max_rings = 2;
  h.ring_bytes = 2 * kBlockBytes;
  h.total_bytes = h.rings_offset + h.max_rings * (kPage + h.ring_bytes);
  h.modules_used = 1;
  h.rings_used = 1;
  h.tracer = TracerKind::FunctionGraph;
  std::string bytes(h.total_bytes, '\0');
  auto put = [&](size_t at, const auto &value) { std::memcpy(&bytes[at], &value, sizeof value); };
  put(0, h);
  ModuleEntry m = {};
  m.state = ModuleLoaded;
  m.pid = 9;
  strcpy(m.path, "/nonexistent/app");
  put(h.modules_offset, m);
  RingHeader r = {};
  r.state = RingActive;
  r.pid = r.tid = 9;
  r.generation = 3;
  r.head = 3;
  strcpy(r.comm, "app");
  put(h.rings_offset, r);
  // Block 1 is the older one; block 0 has been entered again and is being filled.
  uint64_t at = h.rings_offset + kPage;
  put(at + kBlockBytes, BlockHeader{kBaseTsc, 1, 3, 1, 0});
  put(at + kBlockBytes + 32, make_event(EventKind::Entry, 5, kBaseTsc & kEventTimeMask));
  put(at, BlockHeader{kBaseTsc + 50, 2, 3, 0, 0});
  put(at + 32 + 8, make_event(EventKind::Exit, 5, (kBaseTsc + 100) & kEventTimeMask));
  return bytes;
}

TEST(TraceReader, SessionOfAKilledProgram) {
  TemporaryFile file(session_bytes());
  std::string error;
  auto reader = TraceReader::open(file.path(), error);
  ASSERT_TRUE(reader) << error;
  EXPECT_TRUE(reader->trace().is_session);
  EXPECT_EQ(reader->trace().words, 3u); // a reservation without an event among them
  EXPECT_THAT(reader->trace().warnings.front(), HasSubstr("/nonexistent/app: No such file"));
  ReplayOptions o;
  o.stable = true;
  EXPECT_THAT(replay_text(file.path(), o), HasSubstr("      1 |    0.000 us   |  [unknown]();\n"));
}

TEST(TraceReader, DamagedSessionsAreSurvived) {
  std::string bytes = session_bytes();
  TemporaryFile file;
  size_t interesting[] = {0,         sizeof(SessionHeader),          kPage,     kPage + 80,
                          2 * kPage, 2 * kPage + sizeof(RingHeader), 3 * kPage, 3 * kPage + 48};
  for (size_t k = 0; k + 1 < std::size(interesting); k += 2)
    for (size_t i = interesting[k]; i < interesting[k + 1]; ++i) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0xff);
      survive(file, damaged);
    }
  for (size_t n = 0; n < bytes.size(); n += 1021)
    survive(file, bytes.substr(0, n));
}

TEST(TraceWriter, SaysWhyAndStops) {
  TraceWriter full;
  EXPECT_TRUE(!full.open("/dev/full") || !full.close());
  EXPECT_EQ(full.error(), "/dev/full: no space left");
  EXPECT_FALSE(full.info("a=b\n"));
  EXPECT_EQ(full.events_written(), 0u);
  TraceWriter folder;
  EXPECT_FALSE(folder.open("/tmp"));
  EXPECT_EQ(folder.error(), "/tmp: Is a directory");
}

} // namespace
} // namespace luge::test
