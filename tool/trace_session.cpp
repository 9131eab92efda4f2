// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Index of a session: the shared memory that a killed program or a flight recorder left behind.
// Nothing in it is hashed, and its program may still be running: every number is checked, and the
// newest block of a thread ends where its words end.
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "tool/module_sites.h"
#include "tool/text.h"
#include "tool/trace_file.h"

namespace luge {
namespace {

// Words of a block that is still being filled: up to the last one that is not zero.
uint32_t filled_words(const TraceFile &file, uint64_t block) {
  std::vector<uint64_t> words(kBlockEvents);
  if (!file.read(block + sizeof(BlockHeader), words.data(), kBlockEvents * sizeof(uint64_t)))
    return 0;
  uint32_t count = kBlockEvents;
  while (count && !words[count - 1])
    --count;
  return count;
}

void add_ring(const TraceFile &file, uint64_t at, uint64_t ring_bytes, TraceBuilder &builder,
              Trace &trace) {
  RingHeader ring;
  if (!file.read(at, ring) || !ring.pid || !ring.generation)
    return;
  TraceThread thread;
  thread.pid = ring.pid;
  thread.tid = ring.tid;
  thread.parent_pid = static_cast<uint32_t>(ring.parent_pid);
  thread.started_tsc = ring.started_tsc;
  thread.comm.assign(ring.comm, strnlen(ring.comm, sizeof ring.comm));
  uint32_t index = ~0u;
  uint64_t lost_in_blocks = 0;
  for (uint64_t offset = 0; offset + kBlockBytes <= ring_bytes; offset += kBlockBytes) {
    uint64_t block = at + kPage + offset;
    BlockHeader h;
    if (!file.read(block, h))
      break;
    if (!h.first_tsc || h.generation != ring.generation)
      continue;
    TracePage page;
    page.offset = block;
    page.first_tsc = h.first_tsc;
    page.sequence = h.sequence;
    page.lost_before = h.lost_before;
    page.words = h.events ? std::min(h.events, kBlockEvents) : filled_words(file, block);
    page.number = static_cast<uint32_t>(++trace.page_count);
    if (index == ~0u)
      index = builder.add_thread(thread);
    builder.add_page(index, page);
    lost_in_blocks += h.lost_before;
  }
  if (ring.lost > lost_in_blocks) // behind the newest block, or before the oldest that is left
    trace.lost += ring.lost - lost_in_blocks;
}

std::string check(const SessionHeader &h, uint64_t size) {
  if (h.version != kSessionVersion)
    return fmt::format("session format {}; this luge reads {}: use the luge of that program",
                       h.version, kSessionVersion);
  if (!h.ring_bytes || h.ring_bytes % kBlockBytes || h.ring_bytes > size ||
      h.modules_offset > size || h.rings_offset > size || h.modules_offset % 8 ||
      h.rings_offset % 8)
    return "a damaged session: its header makes no sense";
  return {};
}

const char *mode_name(BufferMode mode) {
  switch (mode) {
  case BufferMode::Stream:
    return "stream";
  case BufferMode::Overwrite:
    return "overwrite";
  case BufferMode::Drop:
    return "drop";
  }
  return "?";
}

} // namespace

std::string index_session(const TraceFile &file, Trace &trace) {
  SessionHeader h;
  if (!file.read(0, h))
    return "cut off in its header: nothing to show";
  if (std::string what = check(h, file.size()); !what.empty())
    return what;
  trace.is_session = true;
  trace.tracer = h.tracer;
  trace.lost_threads = h.lost_threads;
  trace.info["buffer"] = mode_name(h.mode);
  TraceBuilder builder(trace);
  uint32_t modules = std::min(h.modules_used, h.max_modules);
  for (uint32_t i = 0; i < modules; ++i) {
    ModuleEntry entry;
    if (!file.read(h.modules_offset + i * sizeof entry, entry))
      break;
    if (entry.state != ModuleLoaded && entry.state != ModuleUnloaded)
      continue;
    ResolvedModule resolved = resolve_module(entry);
    builder.add_module(resolved.module);
    for (std::string &warning : resolved.warnings)
      if (std::find(trace.warnings.begin(), trace.warnings.end(), warning) == trace.warnings.end())
        trace.warnings.push_back(std::move(warning));
    if (!resolved.compiler.empty())
      trace.info.emplace("compiler", resolved.compiler);
  }
  uint32_t rings = std::min(h.rings_used, h.max_rings);
  for (uint32_t i = 0; i < rings; ++i) {
    uint64_t at = h.rings_offset + i * (kPage + h.ring_bytes);
    if (at >= file.size())
      break;
    add_ring(file, at, h.ring_bytes, builder, trace);
  }
  builder.finish();
  trace.warnings.push_back("the memory of a program without a recorder: the last calls of every "
                           "thread are shown");
  return {};
}

} // namespace luge
