// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The recorder against writers that behave like the runtime, die in the middle, or run wild. The
// writers are this test itself, or a child that it forks: both map the session.
#include <csignal>
#include <cstring>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/unit/tool/synthetic.h"
#include "tool/recorder.h"
#include "tool/session.h"

namespace luge::test {
namespace {

constexpr uint64_t kCall = make_event(EventKind::Entry, 7, 1);
constexpr uint64_t kReturn = make_event(EventKind::Exit, 7, 2);

struct Fixture : testing::Test {
  Fixture() {
    SessionConfig config;
    config.ring_bytes = 4 * kBlockBytes;
    config.max_rings = 8;
    std::string error;
    session = SharedSession::create(config, error);
    EXPECT_TRUE(session) << error;
    EXPECT_TRUE(writer.open(file.path()));
  }

  // As runtime/buffer does, without the waiting.
  void take(uint32_t index, uint32_t pid, uint32_t tid) {
    RingHeader *r = session->ring(index);
    store_release(r->state, uint32_t(RingActive));
    auto *header =
        reinterpret_cast<SessionHeader *>(reinterpret_cast<uint8_t *>(session->module(0)) - kPage);
    header->rings_used = std::max(header->rings_used, index + 1);
    r->pid = pid;
    r->tid = tid;
    ++r->generation;
    r->started_tsc = 1000 + r->generation;
    enter(index);
  }

  void enter(uint32_t index) {
    RingHeader *r = session->ring(index);
    auto *b = reinterpret_cast<BlockHeader *>(session->block(index, r->head));
    b->first_tsc = 5000 + r->head;
    b->sequence = r->head;
    b->generation = r->generation;
    at = reinterpret_cast<uint64_t *>(b + 1);
  }

  void put(std::initializer_list<uint64_t> words) {
    for (uint64_t word : words)
      *at++ = word;
  }

  void hand_over(uint32_t index, uint32_t events) {
    RingHeader *r = session->ring(index);
    reinterpret_cast<BlockHeader *>(session->block(index, r->head))->events = events;
    store_release(r->head, r->head + 1);
  }

  bool is_zero(uint32_t index, uint64_t number) const {
    static const char zero[kBlockBytes] = {};
    return std::memcmp(session->block(index, number), zero, kBlockBytes) == 0;
  }

  // What the file has, read back.
  std::vector<uint64_t> words_in_file() {
    writer.close();
    std::string error;
    auto reader = TraceReader::open(file.path(), error);
    std::vector<uint64_t> all, page;
    threads = reader ? reader->trace().threads.size() : 0;
    for (size_t t = 0; t < threads; ++t)
      for (const TracePage &p : reader->trace().threads[t].pages)
        if (reader->load(p, page))
          all.insert(all.end(), page.begin(), page.end());
    return all;
  }

  TemporaryFile file;
  TraceWriter writer;
  std::unique_ptr<SharedSession> session;
  uint64_t *at = nullptr;
  size_t threads = 0;
};

using Recording = Fixture;

TEST_F(Recording, CompleteBlocksAreCopiedZeroedAndGivenBack) {
  Recorder recorder(*session, writer);
  take(2, getpid(), getpid());
  put({kCall, kReturn, kCall});
  hand_over(2, 3);
  enter(2);
  put({kReturn});
  EXPECT_EQ(recorder.fullest(), 0.25);
  recorder.drain();
  EXPECT_EQ(recorder.totals().calls, 2u);
  EXPECT_EQ(recorder.totals().events, 3u);
  EXPECT_EQ(session->ring(2)->tail, 1u);
  EXPECT_TRUE(is_zero(2, 0));
  EXPECT_FALSE(is_zero(2, 1)) << "the block that is being filled is the writer's";
  EXPECT_EQ(words_in_file(), (std::vector<uint64_t>{kCall, kReturn, kCall}));
}

TEST_F(Recording, ReservationsThatWereNeverFilledInAreCutOffAtTheEndAlone) {
  Recorder recorder(*session, writer);
  take(0, getpid(), getpid());
  put({kCall, 0, kReturn, 0, 0});
  hand_over(0, 5);
  recorder.drain();
  EXPECT_EQ(words_in_file(), (std::vector<uint64_t>{kCall, 0, kReturn}));
}

TEST_F(Recording, RingOfAnEndedThreadIsFreeForTheNext) {
  Recorder recorder(*session, writer);
  for (uint32_t tid : {11, 12}) {
    take(0, 10, tid);
    put({kCall, kReturn});
    hand_over(0, 2);
    session->ring(0)->lost = 5;
    store_release(session->ring(0)->state, uint32_t(RingDone));
    recorder.drain();
    EXPECT_EQ(session->ring(0)->state, uint32_t(RingFree));
    EXPECT_EQ(session->ring(0)->head, 0u);
    EXPECT_TRUE(is_zero(0, 0));
  }
  EXPECT_EQ(recorder.totals().lost, 10u);
  EXPECT_EQ(words_in_file().size(), 4u);
  EXPECT_EQ(threads, 2u);
}

TEST_F(Recording, KilledWriterLosesNothingThatItWrote) {
  Recorder recorder(*session, writer);
  pid_t child = fork();
  if (child == 0) {
    take(1, getpid(), getpid());
    put({kCall, kCall, 0, kReturn});
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  recorder.drain();
  EXPECT_EQ(recorder.totals().events, 0u);
  EXPECT_TRUE(recorder.finish().empty());
  EXPECT_EQ(recorder.totals().calls, 2u);
  EXPECT_EQ(words_in_file(), (std::vector<uint64_t>{kCall, kCall, 0, kReturn}));
}

TEST_F(Recording, DeadThreadThatWasSeenAliveIsSalvaged) {
  Recorder recorder(*session, writer);
  int go[2];
  ASSERT_EQ(pipe(go), 0);
  pid_t child = fork();
  if (child == 0) {
    char c;
    (void)!read(go[0], &c, 1);
    _exit(0);
  }
  take(0, child, child);
  put({kCall});
  recorder.salvage();
  EXPECT_EQ(session->ring(0)->state, uint32_t(RingActive));
  (void)!write(go[1], "x", 1);
  waitpid(child, nullptr, 0);
  recorder.salvage();
  EXPECT_EQ(session->ring(0)->state, uint32_t(RingFree));
  EXPECT_EQ(words_in_file(), (std::vector<uint64_t>{kCall}));
}

TEST_F(Recording, RingOfAProgramReplacedByExecIsSalvaged) {
  Recorder recorder(*session, writer);
  uint32_t me = static_cast<uint32_t>(getpid());
  take(0, me, me);
  put({kCall});
  take(1, me, me);
  session->ring(1)->started_tsc = 9999;
  put({kReturn});
  recorder.salvage();
  EXPECT_EQ(session->ring(0)->state, uint32_t(RingFree));
  EXPECT_EQ(session->ring(1)->state, uint32_t(RingActive));
  EXPECT_EQ(recorder.finish(), std::set<uint32_t>{me}) << "still running";
  EXPECT_EQ(words_in_file(), (std::vector<uint64_t>{kCall, kReturn}));
}

TEST_F(Recording, NonsenseInSharedMemoryIsNotFollowed) {
  Recorder recorder(*session, writer);
  take(0, getpid(), getpid());
  put({kCall});
  hand_over(0, 0xffffffff); // more events than a block holds
  session->ring(1)->state = 77;
  session->ring(1)->head = ~0ull - 5;
  take(3, getpid(), getpid());
  auto *header =
      reinterpret_cast<SessionHeader *>(reinterpret_cast<uint8_t *>(session->module(0)) - kPage);
  header->rings_used = header->max_rings = 1u << 30;
  header->modules_used = 1u << 30;
  header->ring_bytes = ~0ull;
  recorder.drain();
  recorder.salvage();
  recorder.finish();
  EXPECT_EQ(session->rings_used(), 8u);
  EXPECT_EQ(session->modules_used(), session->max_modules());
  EXPECT_EQ(words_in_file(), (std::vector<uint64_t>{kCall}));
}

TEST_F(Recording, WriterThatFailsLosesEventsByNumber) {
  TraceWriter full;
  ASSERT_FALSE(full.open("/dev/full"));
  Recorder recorder(*session, full);
  take(0, getpid(), getpid());
  put({kCall, kReturn});
  hand_over(0, 2);
  recorder.drain();
  EXPECT_EQ(recorder.totals().events - full.events_written(), 2u);
  EXPECT_EQ(session->ring(0)->tail, 1u) << "the program goes on";
}

} // namespace
} // namespace luge::test
