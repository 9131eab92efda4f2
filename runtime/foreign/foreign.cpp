// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/foreign/foreign.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "arch/current/layout.h"
#include "arch/current/patch.h"
#include "runtime/foreign/arm.h"
#include "runtime/foreign/plan.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/text.h"

namespace luge::foreign {

namespace {

// An object that was looked at. The loader may put another one in its place: then the sled that was
// armed here is not there.
struct Known {
  uintptr_t bias;
  uint64_t identity;
  Sites sites; // records null: it has none that can be traced
  void *memory; // of records, slots and stubs
  size_t bytes;
  bool seen, told;
};

struct State {
  Known *known;
  size_t count, room;
  unsigned long long loads, unloads; // of the dynamic loader, at the last look
  bool looked;
} state;

bool mentions(const char *text) {
  const char *v = sys::environment("LUGE_FOREIGN");
  return v && !strcmp(v, text);
}

// The very sled, in either of its two states.
bool is_armed(const luge_site &r) {
  arch::Sled sled;
  return arch::describe_sled(LUGE_FIELD_ADDRESS(r.sled), LUGE_FIELD_ADDRESS(r.stub), Flavour::Toggle, &sled) &&
         arch::state_of(sled) != arch::SledState::Foreign;
}

bool holds(const dl_phdr_info &info, uintptr_t address, size_t bytes) {
  for (unsigned i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr) &p = info.dlpi_phdr[i];
    uintptr_t at = address - (info.dlpi_addr + p.p_vaddr);
    if (p.p_type == PT_LOAD && at < p.p_memsz && p.p_memsz - at >= bytes)
      return true;
  }
  return false;
}

// Of name and program headers (FNV-1a).
uint64_t identity_of(const dl_phdr_info &info) {
  uint64_t h = 0xcbf29ce484222325;
  auto mix = [&h](const void *bytes, size_t n) {
    for (auto *p = static_cast<const uint8_t *>(bytes); n--; ++p)
      h = (h ^ *p) * 0x100000001b3;
  };
  mix(info.dlpi_name, info.dlpi_name ? strlen(info.dlpi_name) : 0);
  mix(info.dlpi_phdr, info.dlpi_phnum * sizeof *info.dlpi_phdr);
  return h;
}

bool is_it(const Known &k, const dl_phdr_info &info) {
  if (k.bias != info.dlpi_addr || k.identity != identity_of(info))
    return false;
  return !k.sites.records || (holds(info, LUGE_FIELD_ADDRESS(k.sites.records->sled), 5) && is_armed(*k.sites.records));
}

void report(const ObjectFile &object, Plan &plan) {
  uint32_t refused = 0, all = plan.count() - plan.with(Verdict::Skipped);
  for (unsigned v = static_cast<unsigned>(Verdict::TooFew); v < kVerdicts; ++v)
    refused += plan.with(static_cast<Verdict>(v));
  if (!refused)
    return;
  sys::Line line = sys::report();
  line << object.path() << ": " << uint64_t{refused} << " of " << uint64_t{all} << " functions with NOPs cannot be traced";
  const char *separator = ": ";
  for (unsigned v = static_cast<unsigned>(Verdict::TooFew); v < kVerdicts; ++v)
    if (uint32_t n = plan.with(static_cast<Verdict>(v))) {
      line << separator << uint64_t{n} << ": " << verdict_text(static_cast<Verdict>(v));
      separator = "; ";
    }
}

void list(const ObjectFile &object, Plan &plan) {
  for (Planned &p : plan)
    if (p.verdict != Verdict::Good && p.verdict != Verdict::Skipped)
      (sys::report() << object.path() << ": not traced: ").hex((p.function ? p.function : p.record) - object.bias())
          << ": " << verdict_text(p.verdict);
}

Known prepare(const dl_phdr_info &info) {
  Known nothing = {info.dlpi_addr, identity_of(info), {}, nullptr, 0, true, false};
  if (holds(info, getauxval(AT_SYSINFO_EHDR), 1)) // the kernel's: it has no file
    return nothing;
  ObjectFile object(info);
  if (object.refusal()) {
    sys::report() << object.path() << ": " << object.refusal()
                  << ": not searched for functions with NOPs (-fpatchable-function-entry)";
    return nothing;
  }
  Plan plan(object);
  if (!plan.count())
    return nothing;
  ForeignSites made = arm(plan);
  report(object, plan);
  if (mentions("list"))
    list(object, plan);
  Sites sites = {made.records, made.records_end, plan.entries().begin, plan.entries().end, made.slots};
  return {info.dlpi_addr, nothing.identity, sites, made.memory, made.bytes, true, false};
}

void remember(const dl_phdr_info &info) {
  if (state.count == state.room) {
    size_t more = state.room ? 2 * state.room : 32;
    void *p = realloc(state.known, more * sizeof(Known));
    if (!p)
      return;
    state.known = static_cast<Known *>(p);
    state.room = more;
  }
  state.known[state.count++] = prepare(info);
}

// Runs with the loader's list held: nothing comes or goes meanwhile.
int visit(dl_phdr_info *info, size_t size, void *first) {
  bool counts = size >= offsetof(dl_phdr_info, dlpi_subs) + sizeof info->dlpi_subs;
  if (*static_cast<bool *>(first)) {
    *static_cast<bool *>(first) = false;
    if (counts && state.looked && state.loads == info->dlpi_adds && state.unloads == info->dlpi_subs)
      return 1;
    state.loads = counts ? info->dlpi_adds : 0;
    state.unloads = counts ? info->dlpi_subs : 0;
    state.looked = true;
    for (size_t i = 0; i < state.count; ++i)
      state.known[i].seen = false;
  }
  for (size_t i = 0; i < state.count; ++i)
    if (!state.known[i].seen && is_it(state.known[i], *info)) {
      state.known[i].seen = true;
      return 0;
    }
  remember(*info);
  return 0;
}

struct Held {
  const Known *known;
  void (*work)(void *);
  void *argument;
  bool done;
};

int find_and_work(dl_phdr_info *info, size_t, void *data) {
  auto *h = static_cast<Held *>(data);
  if (!is_it(*h->known, *info))
    return 0;
  h->work(h->argument);
  h->done = true;
  return 1;
}

} // namespace

bool wanted_at_start() {
  if (mentions("0"))
    return false;
  for (const char *name : {"LUGE_FOREIGN", "LUGE_SESSION", "LUGE_FILE", "LUGE_TRACER"})
    if (sys::environment(name))
      return true;
  return false;
}

void look(const Listener &listener) {
  if (mentions("0"))
    return;
  bool first = true;
  if (dl_iterate_phdr(visit, &first) == 1)
    return;
  size_t kept = 0;
  for (size_t i = 0; i < state.count; ++i) {
    Known &k = state.known[i];
    if (!k.seen) {
      // No thread can be in a function of an object that was closed, nor in its stub.
      if (k.sites.records && listener.gone(k.sites.records, k.sites.records_end))
        sys::unmap(k.memory, k.bytes);
      continue;
    }
    state.known[kept++] = k;
  }
  state.count = kept;
  for (size_t i = 0; i < state.count; ++i) {
    Known &k = state.known[i];
    if (!k.told && k.sites.records) {
      k.told = true;
      listener.found(k.sites);
    }
  }
}

bool hold(const luge_site *records, void (*work)(void *), void *argument) {
  for (size_t i = 0; i < state.count; ++i)
    if (state.known[i].sites.records == records) {
      Held held{&state.known[i], work, argument, false};
      dl_iterate_phdr(find_and_work, &held);
      return held.done;
    }
  return false;
}

} // namespace luge::foreign
