// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/foreign/plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/foreign/starts.h"
#include "runtime/sys/linux.h"
#include "sled/record.h"

namespace luge {

namespace {

constexpr const char *kSection = "__patchable_function_entries";

int by_address(const void *a, const void *b) {
  uintptr_t x = *static_cast<const uintptr_t *>(a), y = *static_cast<const uintptr_t *>(b);
  return x < y ? -1 : static_cast<int>(x > y);
}

// The functions that Luge's own plugin has compiled: with entries=both they are listed here as well.
class NativeFunctions {
public:
  explicit NativeFunctions(const ObjectFile &object) {
    for (unsigned i = 0; i < object.section_count() && !used; ++i) {
      Bounds b = object.section(i, LUGE_SECTION_SITES);
      size_t n = (b.end - b.begin) / sizeof(luge_site);
      auto *r = reinterpret_cast<const luge_site *>(b.begin);
      if (n && (addresses = static_cast<uintptr_t *>(malloc(n * sizeof *addresses))))
        for (; used < n; ++r)
          addresses[used++] = LUGE_FIELD_ADDRESS(r->function);
    }
    if (used)
      qsort(addresses, used, sizeof *addresses, by_address);
  }
  ~NativeFunctions() { free(addresses); }
  NativeFunctions(const NativeFunctions &) = delete;
  bool has(uintptr_t function) const {
    return used && bsearch(&function, addresses, used, sizeof *addresses, by_address);
  }

private:
  uintptr_t *addresses = nullptr;
  size_t used = 0;
};

} // namespace

const char *verdict_text(Verdict v) {
  switch (v) {
  case Verdict::Good:
  case Verdict::Skipped: return "";
  case Verdict::TooFew: return "fewer than five bytes of NOPs at the entry";
  case Verdict::NoStart: return "no symbol and no unwind table says where the function begins";
  case Verdict::Branch: return "something may jump among the NOPs";
  case Verdict::Breakpoint: return "a breakpoint stands there";
  case Verdict::Threads: return "threads are running; LUGE_FOREIGN=1 prepares such sleds before main";
  case Verdict::Far: return "no memory within a branch's reach";
  case Verdict::Forbidden: return "this process forbids changing its code";
  }
  return "";
}

Plan::Plan(const ObjectFile &object) {
  read_entries(object);
  if (!used)
    return;
  decode(object);
  leave_out_twins();
  doubt();
}

Plan::~Plan() {
  if (all)
    sys::unmap(all, used * sizeof *all);
}

uint32_t Plan::with(Verdict v) const {
  uint32_t n = 0;
  for (uint32_t i = 0; i < used; ++i)
    n += all[i].verdict == v;
  return n;
}

void Plan::read_entries(const ObjectFile &object) {
  size_t n = 0;
  for (unsigned i = 0; i < object.section_count(); ++i) {
    Bounds b = object.section(i, kSection);
    if (!n)
      first = b;
    n += (b.end - b.begin) / sizeof(uintptr_t);
  }
  if (!n || n > UINT32_MAX)
    return;
  all = static_cast<Planned *>(
      sys::map(n * sizeof *all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  for (unsigned i = 0; all && i < object.section_count(); ++i) {
    Bounds b = object.section(i, kSection);
    for (uintptr_t at = b.begin; b.holds(at, sizeof(uintptr_t)); at += sizeof(uintptr_t))
      memcpy(&all[used++].record, reinterpret_cast<const void *>(at), sizeof(uintptr_t));
  }
}

void Plan::decode(const ObjectFile &object) {
  FunctionStarts starts(object);
  NativeFunctions native(object);
  for (Planned &p : *this) {
    p.verdict = Verdict::Skipped;
    if (!code.end && p.record) {
      code = object.segment(PT_LOAD, PF_R | PF_X, p.record);
      writable = object.segment(PT_LOAD, PF_R | PF_W | PF_X, p.record).end != 0;
    }
    if (!code.holds(p.record)) // zero: the linker has dropped the function
      continue;
    const FunctionStart *f = starts.of_record(p.record, code);
    p.verdict = Verdict::NoStart;
    if (!f || !code.holds(f->address))
      continue;
    p.function = f->address;
    uintptr_t end = starts.end_of(f, code);
    p.entry = arch::decode_foreign(reinterpret_cast<const uint8_t *>(f->address), end - f->address);
    // Several NOPs of which one is long are what a shorter area and the body behind it look like.
    bool enough = p.entry.length && (p.entry.nops == 1 || p.entry.ones >= arch::kForeignSled);
    p.verdict = native.has(p.function) ? Verdict::Skipped
                : enough               ? Verdict::Good
                : p.entry.odd == arch::kBreakpoint ? Verdict::Breakpoint : Verdict::TooFew;
    if (p.verdict == Verdict::Good && p.entry.nops > 1 &&
        arch::branches_into(reinterpret_cast<const uint8_t *>(f->address), end - f->address, p.entry.sled,
                            p.entry.length))
      p.verdict = Verdict::Branch;
  }
}

// One function may be listed twice: merged by the linker (--icf).
void Plan::leave_out_twins() {
  auto *order = static_cast<Planned **>(malloc(used * sizeof(Planned *)));
  if (!order) {
    for (Planned &p : *this)
      p.verdict = Verdict::Skipped;
    return;
  }
  for (uint32_t i = 0; i < used; ++i)
    order[i] = &all[i];
  qsort(order, used, sizeof *order, [](const void *a, const void *b) {
    const Planned *x = *static_cast<Planned *const *>(a), *y = *static_cast<Planned *const *>(b);
    if (x->function != y->function)
      return x->function < y->function ? -1 : 1;
    return x < y ? -1 : static_cast<int>(x > y);
  });
  for (uint32_t i = 1; i < used; ++i)
    if (order[i]->function && order[i]->function == order[i - 1]->function)
      order[i]->verdict = Verdict::Skipped;
  free(order);
}

// A branch among one-byte NOPs would mean that the area is shorter than it looks: the body begins
// with a NOP that a loop comes back to. branches_into() takes data for branches, so its word
// counts only where the neighbours in the table (mostly of the same source file) do not have just as
// many NOPs.
void Plan::doubt() {
  auto as_many = [this](uint32_t i, uint32_t other) {
    return other < used && all[other].entry.length && all[other].entry.ones == all[i].entry.ones;
  };
  for (uint32_t i = 0; i < used; ++i)
    if (all[i].verdict == Verdict::Branch && (as_many(i, i + 1) || as_many(i, i - 1)))
      all[i].verdict = Verdict::Good;
}

} // namespace luge
