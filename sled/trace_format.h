// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Events, the shared-memory session between a traced program and its recorder,
// and the trace file. One writer of events (the trampolines and
// runtime/buffer), one of files (tool/record), one reader (tool/trace_reader).
// Little-endian, naturally aligned, sizes asserted; docs/formats.md draws it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace luge {

// ---- Events ---------------------------------------------------------------
//
// One 64-bit word:   63........34 33 32 31..................0
//                    time (30)    kind  id (32)
//
// time: the low 30 bits of the time stamp counter; the rest comes from the last
// Epoch event of the same thread. id: bits 35..4 of the address of the
// function's slot (luge_slot), which is 16-byte aligned: unique among the
// modules of a process (the runtime refuses a module whose slots would
// share ids with those of another). A zero word is a reservation that was never
// filled in (a killed thread): readers skip it.

inline constexpr unsigned kEventTimeShift = 34, kEventTimeBits = 30;
inline constexpr unsigned kEventKindShift = 32;
inline constexpr uint64_t kEventTimeMask = (1u << kEventTimeBits) - 1;

enum class EventKind : unsigned {
  Special = 0, // id = enum SpecialEvent, time = its payload
  Entry = 1,
  Exit = 2,
  Unwound = 3, // exit by exception or forced unwinding
};

enum class SpecialEvent : uint32_t {
  Epoch = 1,   // payload: time stamp >> 30, for the events that follow
  Lost = 2,    // payload: number of events lost here (saturating)
  Longjmp = 3, // frames above the innermost setjmp caller are gone (left without an exit)
  Stack = 4,   // one function on the stack, innermost first; its id: bits 8 to 31 of the id here are the low
               // ones, the low 8 bits of the payload the others
};

constexpr uint32_t event_id(uint64_t slot_address) { return static_cast<uint32_t>(slot_address >> 4); }
constexpr uint64_t make_event(EventKind kind, uint32_t id, uint64_t time) {
  return time << kEventTimeShift | static_cast<uint64_t>(kind) << kEventKindShift | id;
}
constexpr uint64_t make_stack_event(uint32_t function) {
  return make_event(EventKind::Special, static_cast<uint32_t>(SpecialEvent::Stack) | function << 8, function >> 24);
}
constexpr EventKind event_kind(uint64_t e) { return static_cast<EventKind>(e >> kEventKindShift & 3); }
constexpr uint32_t event_id_of(uint64_t e) { return static_cast<uint32_t>(e); }
constexpr SpecialEvent special_of(uint64_t e) {
  auto id = event_id_of(e);
  return static_cast<SpecialEvent>((id & 0xff) == static_cast<uint32_t>(SpecialEvent::Stack) ? id & 0xff : id);
}
constexpr uint32_t stack_function_of(uint64_t e) {
  return event_id_of(e) >> 8 | static_cast<uint32_t>(e >> kEventTimeShift) << 24;
}
constexpr uint64_t event_time(uint64_t e) { return e >> kEventTimeShift; }

// ---- Session: shared memory (a memfd of the recorder, or a plain file) ------
//
//   page 0            SessionHeader
//   modules_offset    ModuleEntry[max_modules]
//   rings_offset      max_rings x { RingHeader in one page, ring_bytes of data }
//
// Sparse: a ring that no thread has taken costs nothing.

inline constexpr uint64_t kSessionMagic = 0x53534553'4547554cu; // "LUGESESS"
inline constexpr uint32_t kFormatVersion = 1;  // of events and of the trace file
inline constexpr uint32_t kSessionVersion = 2;
inline constexpr uint32_t kPage = 4096;
inline constexpr uint32_t kBlockBytes = 64 * 1024; // ring_bytes is a multiple; unit of hand-over

enum class BufferMode : uint32_t {
  Stream = 0,    // hand blocks to the recorder; wait for it briefly, then count losses
  Overwrite = 1, // flight recorder: the newest events stay
  Drop = 2,      // fill once, then count losses
};

enum class TracerKind : uint32_t { Nop = 0, Function = 1, FunctionGraph = 2 };

struct SessionHeader {
  uint64_t magic;
  uint32_t version;
  BufferMode mode;
  uint64_t total_bytes;
  uint64_t modules_offset, rings_offset;
  uint32_t max_modules, max_rings;
  uint64_t ring_bytes;          // data of one ring
  uint32_t modules_used;        // atomic: next free entry; beyond max_modules: lost modules
  uint32_t rings_used;          // atomic: high-water mark of rings ever taken
  uint32_t wake;                // futex: bumped by a writer that has handed over a block
  uint32_t recorder_alive;      // 1 while a recorder drains this session
  uint64_t lost_threads;        // atomic: threads that found no free ring
  TracerKind tracer;            // what the runtime runs (for readers)
  uint32_t reserved;
};
static_assert(sizeof(SessionHeader) == 88);

enum ModuleState : uint32_t { ModuleEmpty = 0, ModuleLoaded = 1, ModuleUnloaded = 2 };

// One loaded object with sleds. Written once, then `state` is stored with release.
struct ModuleEntry {
  uint32_t state;               // ModuleState
  uint32_t pid;
  uint64_t bias;                // load bias: run-time address - ELF virtual address
  uint64_t sites, sites_end;    // run-time addresses of its luge_sites, or of the foreign entries
  uint64_t loaded_tsc, unloaded_tsc;
  uint32_t sites_on;            // sites that the tracer switched on
  uint32_t build_id_size;       // <= 20
  uint8_t build_id[20];
  char path[420];               // NUL-terminated; longer paths are cut and say so in the tool
  // 0: the slots are in the file. Else: foreign sleds, the slot of the first entry of
  // __patchable_function_entries (16 bytes each); the file's luge_sites are another ModuleEntry.
  uint64_t foreign_slots;
};
static_assert(sizeof(ModuleEntry) == 504);

enum RingState : uint32_t {
  RingFree = 0,
  RingActive = 1,
  RingClaimed = 3, // a thread is taking it: its fields are not to be read yet
  RingDone = 2,  // its thread has ended (or its process has forked away): drain, then free
};

inline constexpr uint32_t kMovableBlocks = 2004; // of a ring that has more, none is moved

// head and tail count blocks since the ring was taken. The writer fills block `head`; blocks [tail, head)
// are complete. In Stream mode the recorder advances tail, after it has zeroed the block. In Overwrite
// mode the writer zeroes the block that it enters.
// Block `number` lies at place number % blocks; in Stream mode at place_of(). Memory that was never touched
// costs more than the events in it: the writer goes where the recorder has been, as long as there is such a place.
struct RingHeader {
  uint32_t state;       // RingState
  uint32_t pid, tid;
  uint32_t generation;  // bumped each time the ring is taken
  uint64_t head, tail;
  uint64_t lost;        // events lost in all
  uint64_t started_tsc;
  uint64_t parent_pid;  // after fork: the process it came from, else 0
  char comm[16];        // thread name when the ring was taken
  uint64_t seen_tail, warm; // the writer's: `warm` blocks before seen_tail lie where it has not been again
  uint16_t moved[kMovableBlocks]; // by number % blocks: how far on its place is; 0: not moved
};
static_assert(sizeof(RingHeader) == kPage);

inline uint64_t place_of(const RingHeader &r, uint64_t number, uint64_t blocks) {
  uint64_t i = number % blocks;
  return blocks > kMovableBlocks ? i : (i + __atomic_load_n(&r.moved[i], __ATOMIC_RELAXED)) % blocks;
}
// The writer's, before it enters block `head`: gives that the place of the first warm block. Both are free, so that
// nobody looks at either; `head` publishes the change.
inline void take_warm_place(RingHeader &r, uint64_t head, uint64_t tail, uint64_t blocks) {
  r.warm += tail - r.seen_tail;
  r.seen_tail = tail;
  if (!r.warm || blocks > kMovableBlocks)
    return;
  uint64_t i = head % blocks, j = (tail - r.warm--) % blocks;
  uint64_t own = place_of(r, i, blocks), warm = place_of(r, j, blocks);
  __atomic_store_n(&r.moved[i], static_cast<uint16_t>((warm + blocks - i) % blocks), __ATOMIC_RELAXED);
  __atomic_store_n(&r.moved[j], static_cast<uint16_t>((own + blocks - j) % blocks), __ATOMIC_RELAXED);
}

// Each block begins with this; events follow to the end of the block. `first_tsc` is the epoch
// for the events up to the next Epoch event. events = 0: block still being filled, scan to the
// first zero words at the end.
struct BlockHeader {
  uint64_t first_tsc;   // whole time stamp at the time the block was entered; 0: block unused
  uint64_t sequence;    // number of this block since the ring was taken
  uint32_t generation;  // of the ring
  uint32_t events;      // words behind this header when it was handed over; 0 while being filled
  uint64_t lost_before; // events lost between the previous block and this one
};
static_assert(sizeof(BlockHeader) == 32);
inline constexpr uint32_t kBlockEvents = (kBlockBytes - sizeof(BlockHeader)) / 8;

// ---- Trace file -------------------------------------------------------------
//
// FileHeader, then chunks: ChunkHeader and payload, each padded to 8 bytes. A file cut off
// anywhere is readable up to its last whole chunk; a chunk whose hash is wrong is skipped
// and named. `End` says that recording ended in order.

inline constexpr uint64_t kFileMagic = 0x31435254'4547554cu; // "LUGETRC1"

struct FileHeader {
  uint64_t magic;
  uint32_t version;
  uint32_t header_bytes;
};
static_assert(sizeof(FileHeader) == 16);

enum class ChunkType : uint32_t {
  Info = 1,    // text lines "key=value\n": program, command, tracer, arch, compiler, date, clock, ...
  Clock = 2,   // ClockPair: one at the start, one at the end
  Module = 3,  // ModuleChunk, then path, then SiteInfo[sites], then name bytes
  Thread = 4,  // ThreadChunk
  Events = 5,  // EventsChunk, then uint64_t[count]
  Lost = 6,    // LostChunk
  End = 7,     // EndChunk
};

struct ChunkHeader {
  uint32_t magic;   // kChunkMagic
  ChunkType type;
  uint64_t bytes;   // of the payload, before padding
  uint64_t hash;    // XXH3_64bits of the payload
};
static_assert(sizeof(ChunkHeader) == 24);
inline constexpr uint32_t kChunkMagic = 0x4b4e4843; // "CHNK"

struct ClockPair {
  uint64_t tsc;
  uint64_t monotonic_ns;
  uint64_t realtime_ns;
};

struct ModuleChunk {
  uint32_t pid;
  uint32_t path_bytes;
  uint64_t bias, loaded_tsc, unloaded_tsc; // unloaded_tsc 0: still there at the end
  uint32_t sites;
  uint32_t names_bytes;
  uint32_t build_id_size;
  uint8_t build_id[20];
};
static_assert(sizeof(ModuleChunk) == 64);

struct SiteInfo {
  uint32_t id;          // event_id of its slot, in this process
  uint32_t name;        // offset into the names (NUL-terminated, mangled); ~0u: no name known
  uint64_t address;     // of the function, run-time
  uint8_t kind, flags, prefix, stack_args; // as in struct luge_site
  uint32_t reserved;
};
static_assert(sizeof(SiteInfo) == 24);

struct ThreadChunk {
  uint32_t thread;      // number used by EventsChunk, unique in the file
  uint32_t pid, tid, parent_pid;
  uint64_t started_tsc;
  char comm[16];
};
static_assert(sizeof(ThreadChunk) == 40);

struct EventsChunk {
  uint32_t thread;
  uint32_t count;
  uint64_t first_tsc;
  uint64_t sequence;
  uint64_t lost_before;
};
static_assert(sizeof(EventsChunk) == 32);

struct LostChunk {      // threads that found no ring, blocks that could not be written
  uint64_t threads, events;
};

struct EndChunk {
  uint64_t events, lost;
  int32_t exit_status;  // as of wait(2)
  uint32_t reserved;
};

} // namespace luge
