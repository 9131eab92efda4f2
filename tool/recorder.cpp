// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/recorder.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace luge {
namespace {

constexpr unsigned kBlocksAtOnce = 16; // of one ring, before the others get their turn

std::span<const uint64_t> words_of(const uint8_t *block) {
  return {reinterpret_cast<const uint64_t *>(block + sizeof(BlockHeader)), kBlockEvents};
}

// Without the zero words at the end: reservations that were never filled in, or nothing yet.
std::span<const uint64_t> trimmed(std::span<const uint64_t> words) {
  size_t n = words.size();
  while (n && words[n - 1] == 0)
    --n;
  return words.first(n);
}

uint64_t count_calls(std::span<const uint64_t> words) {
  uint64_t calls = 0;
  for (uint64_t word : words)
    calls += event_kind(word) == EventKind::Entry;
  return calls;
}

std::string pid_namespace_of(const std::string &process) {
  char link[64];
  ssize_t n = readlink(("/proc/" + process + "/ns/pid").c_str(), link, sizeof link);
  return n > 0 ? std::string(link, static_cast<size_t>(n)) : "";
}

// Whether thread ids in rings mean to us what they mean to their writers: no process that we can
// see lives in a pid namespace of its own (those below ours are all visible here).
bool all_in_our_pid_namespace() {
  std::string ours = pid_namespace_of("self");
  DIR *proc = ours.empty() ? nullptr : opendir("/proc");
  bool all = proc;
  while (const dirent *entry = all ? readdir(proc) : nullptr) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
      continue;
    std::string theirs = pid_namespace_of(entry->d_name);
    all = theirs.empty() || theirs == ours; // empty: another user's, or just gone
  }
  if (proc)
    closedir(proc);
  return all;
}

bool exists(uint32_t pid, uint32_t tid) {
  return syscall(SYS_tgkill, pid, tid, 0) == 0 || errno == EPERM;
}

// The first thread of an ended process "exists" until the parent asks.
bool is_zombie(uint32_t pid, uint32_t tid) {
  std::string path = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/stat";
  std::string text;
  if (FILE *in = std::fopen(path.c_str(), "re")) {
    char buffer[256];
    text.assign(buffer, std::fread(buffer, 1, sizeof buffer, in));
    std::fclose(in);
  }
  size_t name_end = text.rfind(") "); // the name may hold anything
  return name_end != text.npos && (text[name_end + 2] == 'Z' || text[name_end + 2] == 'X');
}

} // namespace

Recorder::View &Recorder::view(uint32_t index) {
  if (index >= views_.size())
    views_.resize(index + 1);
  return views_[index];
}

void Recorder::begin_thread(View &view, const RingHeader &ring, uint32_t generation) {
  view.thread = ++threads_;
  view.generation = generation;
  ThreadChunk chunk = {};
  chunk.thread = view.thread;
  chunk.pid = ring.pid;
  chunk.tid = ring.tid;
  chunk.parent_pid = static_cast<uint32_t>(ring.parent_pid);
  chunk.started_tsc = ring.started_tsc;
  std::memcpy(chunk.comm, ring.comm, sizeof chunk.comm);
  writer_.thread(chunk);
}

// Copies block `number` into the file and zeroes it.
void Recorder::drain_block(uint32_t index, uint64_t number) {
  uint8_t *block = session_.block(index, number);
  BlockHeader header;
  std::memcpy(&header, block, sizeof header);
  std::span<const uint64_t> words = words_of(block);
  if (header.events && header.events < words.size())
    words = words.first(header.events);
  words = trimmed(words);
  View &v = view(index);
  if (!words.empty() && header.first_tsc) {
    if (!v.thread || v.generation != header.generation)
      begin_thread(v, *session_.ring(index), header.generation);
    EventsChunk chunk = {};
    chunk.thread = v.thread;
    chunk.first_tsc = header.first_tsc;
    chunk.sequence = header.sequence;
    chunk.lost_before = header.lost_before;
    totals_.calls += count_calls(words);
    totals_.events += words.size();
    if (writer_.events(chunk, words))
      totals_.lost_in_file += header.lost_before;
  }
  std::memset(block, 0, kBlockBytes);
}

void Recorder::drain_ring(uint32_t index, unsigned most_blocks) {
  RingHeader *ring = session_.ring(index);
  View &v = view(index);
  uint64_t ready = load_acquire(ring->head) - v.tail;
  if (ready > session_.blocks()) // being taken by a new thread just now, or damaged
    return;
  for (uint64_t n = std::min<uint64_t>(ready, most_blocks); n; --n) {
    drain_block(index, v.tail);
    store_release(ring->tail, ++v.tail);
  }
}

// The block that nobody will hand over any more.
void Recorder::drain_unfinished(uint32_t index) {
  View &v = view(index);
  uint64_t head = load_acquire(session_.ring(index)->head);
  if (head - v.tail < session_.blocks()) // else the ring is full and there is none
    drain_block(index, head);
}

void Recorder::free_ring(uint32_t index) {
  RingHeader *ring = session_.ring(index);
  drain_ring(index, ~0u);
  drain_unfinished(index);
  totals_.lost += ring->lost;
  // Whoever takes it next fills these in one by one, already in the open.
  ring->lost = ring->head = ring->tail = ring->started_tsc = 0;
  ring->pid = ring->tid = 0;
  view(index) = {};
  store_release(ring->state, uint32_t(RingFree));
}

double Recorder::fullest() const {
  uint64_t most = 0;
  for (uint32_t i = 0, n = session_.rings_used(); i < n; ++i) {
    const RingHeader *ring = session_.ring(i);
    uint64_t ready = load_acquire(ring->head) - (i < views_.size() ? views_[i].tail : 0);
    if (load_acquire(ring->state) != RingFree && ready <= session_.blocks())
      most = std::max(most, ready);
  }
  return static_cast<double>(most) / static_cast<double>(session_.blocks());
}

void Recorder::drain() {
  taken_ = 0;
  for (uint32_t i = 0, n = session_.rings_used(); i < n; ++i) {
    RingHeader *ring = session_.ring(i);
    uint32_t state = load_acquire(ring->state); // before head: Done is stored after it
    if (state == RingFree)
      continue;
    ++taken_;
    drain_ring(i, kBlocksAtOnce);
    if (state == RingDone && load_acquire(ring->head) == view(i).tail)
      free_ring(i);
  }
}

// After exec the thread lives on as another program, with another ring.
bool Recorder::was_replaced(const RingHeader &ring) const {
  for (uint32_t i = 0, n = session_.rings_used(); i < n; ++i) {
    const RingHeader *other = session_.ring(i);
    if (other != &ring && load_acquire(other->state) != RingFree && other->pid == ring.pid &&
        other->tid == ring.tid && other->started_tsc > ring.started_tsc)
      return true;
  }
  return false;
}

bool Recorder::is_dead(uint32_t index, bool ids_are_ours) {
  const RingHeader *ring = session_.ring(index);
  View &v = view(index);
  if (!ring->pid || !ring->tid || !ring->started_tsc)
    return false; // just being taken
  if (!exists(ring->pid, ring->tid))
    return v.seen_alive || ids_are_ours;
  if (ids_are_ours && is_zombie(ring->pid, ring->tid))
    return true;
  v.seen_alive = true;
  return was_replaced(*ring);
}

void Recorder::salvage() {
  // The proof reads all of /proc: only where a ring more matters.
  bool ids_are_ours = is_short_of_rings() && all_in_our_pid_namespace();
  for (uint32_t i = 0, n = session_.rings_used(); i < n; ++i)
    if (load_acquire(session_.ring(i)->state) == RingActive && is_dead(i, ids_are_ours))
      free_ring(i);
}

std::set<uint32_t> Recorder::finish() {
  session_.say_recorder_leaves();
  std::set<uint32_t> running;
  for (uint32_t i = 0, n = session_.rings_used(); i < n; ++i) {
    RingHeader *ring = session_.ring(i);
    uint32_t state = load_acquire(ring->state);
    if (state == RingFree)
      continue;
    if (state == RingActive && exists(ring->pid, ring->tid) && !is_zombie(ring->pid, ring->tid)) {
      running.insert(ring->pid);
      drain_ring(i, ~0u);
      drain_unfinished(i);
      totals_.lost += ring->lost;
    } else
      free_ring(i);
  }
  return running;
}

} // namespace luge
