// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Traces for tests, written through TraceWriter: one tick is one nanosecond, time 0 is the first
// clock reading.
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "sled/record.h"
#include "tool/replay.h"
#include "tool/trace_reader.h"
#include "tool/trace_writer.h"

namespace luge::test {

inline constexpr uint64_t kBaseTsc = (uint64_t(77) << kEventTimeBits) + 12345;
inline constexpr uint64_t kBias = 0x555500000000;

// A file in memory, named by the descriptor: thousands of damaged copies cost no disk.
class TemporaryFile {
public:
  explicit TemporaryFile(std::string_view content = {}) {
    fd_ = memfd_create("luge-test", MFD_CLOEXEC);
    path_ = "/proc/self/fd/" + std::to_string(fd_);
    write(content);
  }
  ~TemporaryFile() { ::close(fd_); }
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;

  const std::string &path() const { return path_; }
  void write(std::string_view content) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << content;
  }
  std::string read() const {
    std::ostringstream out;
    out << std::ifstream(path_, std::ios::binary).rdbuf();
    return out.str();
  }

private:
  int fd_;
  std::string path_;
};

class SyntheticTrace {
public:
  // Ids are those of neighbouring slots, as the linker lays them out.
  uint32_t function(const std::string &mangled, uint8_t flags = 0, uint8_t stack_args = 0) {
    uint32_t number = static_cast<uint32_t>(module.sites.size());
    SiteInfo site = {};
    site.id = event_id(kBias + 0x4000 + number * 16);
    site.address = kBias + 0x1000 + number * 0x40;
    site.flags = flags;
    site.stack_args = stack_args;
    site.name = mangled.empty() ? ~0u : static_cast<uint32_t>(module.names.size());
    if (!mangled.empty())
      module.names += mangled + '\0';
    module.sites.push_back(site);
    return site.id;
  }

  // Events go to the thread named last.
  void thread(uint32_t tid, const char *comm = "app", uint32_t pid = 100, uint32_t parent = 0) {
    threads.push_back({});
    Thread &t = threads.back();
    t.chunk = {static_cast<uint32_t>(threads.size()), pid, tid, parent, kBaseTsc, {}};
    snprintf(t.chunk.comm, sizeof t.chunk.comm, "%s", comm);
    page(0);
  }

  // Begins a new page at `ns`.
  void page(uint64_t ns, uint64_t lost_before = 0, uint64_t skip_sequences = 0) {
    Thread &t = threads.back();
    uint64_t sequence = t.pages.empty() ? 0 : t.pages.back().header.sequence + 1 + skip_sequences;
    t.pages.push_back({{t.chunk.thread, 0, kBaseTsc + ns, sequence, lost_before}, {}});
    t.epoch = (kBaseTsc + ns) >> kEventTimeBits;
  }

  void event(EventKind kind, uint32_t id, uint64_t ns) {
    uint64_t tsc = kBaseTsc + ns;
    if (uint64_t epoch = tsc >> kEventTimeBits; epoch != threads.back().epoch) {
      word(make_event(EventKind::Special, uint32_t(SpecialEvent::Epoch), epoch));
      threads.back().epoch = epoch;
    }
    word(make_event(kind, id, tsc & kEventTimeMask));
  }
  void entry(uint32_t id, uint64_t ns) { event(EventKind::Entry, id, ns); }
  void exit(uint32_t id, uint64_t ns) { event(EventKind::Exit, id, ns); }
  void unwound(uint32_t id, uint64_t ns) { event(EventKind::Unwound, id, ns); }
  void special(SpecialEvent what, uint64_t payload = 0) {
    word(make_event(EventKind::Special, uint32_t(what), payload));
  }
  void word(uint64_t w) { threads.back().pages.back().words.push_back(w); }

  bool write(const std::string &path, bool whole = true) {
    TraceWriter writer;
    writer.open(path);
    writer.info("program=/usr/bin/app\ncompiler=gcc 12.2.0\ntracer=" + tracer + "\n");
    writer.clock({kBaseTsc, 1'000'000'000, 5'000'000'000});
    writer.module(module);
    for (const auto &m : more_modules)
      writer.module(m);
    uint64_t events = 0;
    for (const Thread &t : threads) {
      writer.thread(t.chunk);
      for (const Page &p : t.pages) {
        writer.events(p.header, p.words);
        events += p.words.size();
      }
    }
    if (whole) {
      writer.clock({kBaseTsc + 1'000'000'000, 2'000'000'000, 6'000'000'000});
      writer.end({events, 0, 0, 0});
    }
    return writer.close();
  }

  std::string bytes() {
    TemporaryFile file;
    write(file.path());
    return file.read();
  }

  struct Page {
    EventsChunk header;
    std::vector<uint64_t> words;
  };
  struct Thread {
    ThreadChunk chunk;
    uint64_t epoch = 0;
    std::vector<Page> pages;
  };
  TraceModule module = [] {
    TraceModule m;
    m.pid = 100;
    m.path = "/usr/bin/app";
    m.bias = kBias;
    m.build_id = {0xab, 0xcd};
    return m;
  }();
  std::vector<TraceModule> more_modules;
  std::vector<Thread> threads;
  std::string tracer = "function_graph";
};

inline std::string replay_text(const std::string &path, const ReplayOptions &options = {}) {
  std::string error, text;
  auto reader = TraceReader::open(path, error);
  if (!reader)
    return error;
  {
    Output out(text);
    if (!replay(*reader, options, out, error))
      return error;
  }
  return text;
}

inline std::string replay_text(SyntheticTrace &trace, const ReplayOptions &options = {}) {
  TemporaryFile file;
  trace.write(file.path());
  return replay_text(file.path(), options);
}

// The usual small trace: two threads, nesting, an exception, a recursion, an entry-only function.
inline SyntheticTrace small_trace() {
  SyntheticTrace t;
  uint32_t main = t.function("main"), parse = t.function("_ZN4json6Parser5valueEv"),
           leaf = t.function("leaf"), log = t.function("log", 0, 255);
  t.thread(4127, "app");
  t.entry(main, 1000);
  t.entry(leaf, 2000);
  t.exit(leaf, 2171);
  t.entry(log, 2500);
  t.entry(parse, 3000);
  t.entry(parse, 4000);
  t.entry(leaf, 5000);
  t.unwound(leaf, 17604);
  t.unwound(parse, 18000);
  t.exit(parse, 121020);
  t.exit(main, 2'000'000'000);
  t.thread(4128, "worker");
  t.entry(leaf, 200'000);
  t.exit(leaf, 201'500);
  return t;
}

} // namespace luge::test
