// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// .eh_frame_hdr and .eh_frame: LSB Core, "Exception Frames". Only the encodings that linkers write
// are read; what looks otherwise is left out.
#include "runtime/foreign/starts.h"

#include <stdlib.h>
#include <string.h>

#include "arch/current/foreign.h"

namespace luge {

namespace {

constexpr uintptr_t kMostPrefix = 65535; // M of -fpatchable-function-entry=N,M

int32_t read_i32(uintptr_t at) {
  int32_t v;
  memcpy(&v, reinterpret_cast<const void *>(at), sizeof v);
  return v;
}

// Bytes that the unwind description `fde` of the function at `address` covers; 0: not known. Its
// encoding is taken to be the usual one (PC-relative, four bytes) if its first field agrees.
uintptr_t described_bytes(uintptr_t fde, uintptr_t address, Bounds where) {
  if (!where.holds(fde, 16) || fde + 8 + static_cast<uintptr_t>(intptr_t{read_i32(fde + 8)}) != address)
    return 0;
  return static_cast<uint32_t>(read_i32(fde + 12));
}

} // namespace

FunctionStarts::FunctionStarts(const ObjectFile &object) {
  object.functions([this](uintptr_t address, uintptr_t bytes) { add(address, bytes); });
  read_unwind_table(object);
  sort();
}

FunctionStarts::~FunctionStarts() { free(starts); }

void FunctionStarts::add(uintptr_t address, uintptr_t bytes) {
  if (used == room) {
    size_t more = room ? 2 * room : 1024;
    void *p = realloc(starts, more * sizeof *starts);
    if (!p)
      return;
    starts = static_cast<FunctionStart *>(p);
    room = more;
  }
  starts[used++] = {address, address + bytes};
}

void FunctionStarts::read_unwind_table(const ObjectFile &object) {
  Bounds table = object.segment(PT_GNU_EH_FRAME, PF_R, 0);
  if (!table.holds(table.begin, 12))
    return;
  static constexpr uint8_t usual[4] = {1, 0x1b, 0x03, 0x3b}; // version; pcrel sdata4; udata4; datarel sdata4
  if (memcmp(reinterpret_cast<const void *>(table.begin), usual, sizeof usual))
    return;
  Bounds loaded = object.segment(PT_LOAD, PF_R, table.begin);
  auto count = static_cast<uint32_t>(read_i32(table.begin + 8));
  for (uintptr_t at = table.begin + 12; count && table.holds(at, 8); at += 8, --count) {
    uintptr_t address = table.begin + static_cast<uintptr_t>(intptr_t{read_i32(at)});
    uintptr_t fde = table.begin + static_cast<uintptr_t>(intptr_t{read_i32(at + 4)});
    add(address, described_bytes(fde, address, loaded));
  }
}

void FunctionStarts::sort() {
  qsort(starts, used, sizeof *starts, [](const void *a, const void *b) {
    auto *x = static_cast<const FunctionStart *>(a), *y = static_cast<const FunctionStart *>(b);
    return x->address < y->address ? -1 : static_cast<int>(x->address > y->address);
  });
  size_t kept = 0;
  for (size_t i = 0; i < used; ++i) { // one each, with the larger of the sizes that are told
    if (kept && starts[kept - 1].address == starts[i].address) {
      if (starts[kept - 1].end < starts[i].end)
        starts[kept - 1].end = starts[i].end;
    } else {
      starts[kept++] = starts[i];
    }
  }
  used = kept;
}

size_t FunctionStarts::first_from(uintptr_t address) const {
  size_t low = 0, high = used;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (starts[middle].address < address)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const FunctionStart *FunctionStarts::of_record(uintptr_t record, Bounds text) const {
  size_t i = first_from(record);
  if (i < used && starts[i].address == record)
    return &starts[i];
  // Behind the landing pad (M = 0).
  if (i && starts[i - 1].address == record - 4 && text.holds(record - 4, 4) &&
      arch::is_landing_pad(reinterpret_cast<const uint8_t *>(record - 4)))
    return &starts[i - 1];
  // M NOPs before the function, and nothing else between.
  if (i == used || starts[i].address - record > kMostPrefix || (i && starts[i - 1].end > record))
    return nullptr;
  size_t prefix = starts[i].address - record;
  if (!text.holds(record, prefix) || !arch::is_prefix(reinterpret_cast<const uint8_t *>(record), prefix))
    return nullptr;
  return &starts[i];
}

uintptr_t FunctionStarts::end_of(const FunctionStart *f, Bounds text) const {
  if (f->end > f->address)
    return f->end < text.end ? f->end : text.end;
  const FunctionStart *next = f + 1;
  return next < starts + used && next->address < text.end ? next->address : text.end;
}

} // namespace luge
