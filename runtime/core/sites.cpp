// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/sites.h"

#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/current/layout.h"
#include "arch/current/patch.h"
#include "runtime/core/near_entry.h"
#include "runtime/sys/linux.h"
#include "runtime/sys/text.h"

namespace luge {

namespace {

// What dl_iterate_phdr knows of the object that holds a sled.
struct Search {
  uintptr_t sled;
  Module *module;
};

constexpr uintptr_t kPageMask = kPage - 1;

void note_build_id(Module *m, uintptr_t at, size_t size) {
  for (uintptr_t p = at; p + sizeof(ElfW(Nhdr)) <= at + size;) {
    auto *n = reinterpret_cast<const ElfW(Nhdr) *>(p);
    uintptr_t name = p + sizeof *n, data = name + ((n->n_namesz + 3) & ~3u);
    if (n->n_type == NT_GNU_BUILD_ID && n->n_namesz == 4 && n->n_descsz <= sizeof m->build_id &&
        !memcmp(reinterpret_cast<const void *>(name), "GNU", 4)) {
      memcpy(m->build_id, reinterpret_cast<const void *>(data), n->n_descsz);
      m->build_id_size = n->n_descsz;
      return;
    }
    p = data + ((n->n_descsz + 3) & ~3u);
  }
}

int protection_of(ElfW(Word) flags) {
  return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

bool holds(const dl_phdr_info *info, uintptr_t address) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &p = info->dlpi_phdr[i];
    if (p.p_type == PT_LOAD && address - (info->dlpi_addr + p.p_vaddr) < p.p_memsz)
      return true;
  }
  return false;
}

int describe(dl_phdr_info *info, size_t, void *data) {
  auto *s = static_cast<Search *>(data);
  if (!holds(info, s->sled))
    return 0;
  Module *m = s->module;
  m->bias = info->dlpi_addr;
  const char *name = info->dlpi_name && *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
  strncpy(m->path, name, sizeof m->path - 1);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &p = info->dlpi_phdr[i];
    uintptr_t at = info->dlpi_addr + p.p_vaddr;
    if (p.p_type == PT_NOTE)
      note_build_id(m, at, p.p_memsz);
    if (p.p_type == PT_LOAD && s->sled - at < p.p_memsz) {
      m->text_begin = at & ~kPageMask;
      m->text_end = (at + p.p_memsz + kPageMask) & ~kPageMask;
      m->text_protection = protection_of(p.p_flags);
    }
  }
  return 1;
}

// The executable's own path, as the recorder outside will look for it.
void resolve_self(Module *m) {
  if (strcmp(m->path, "/proc/self/exe"))
    return;
  char *real = realpath("/proc/self/exe", nullptr);
  if (real && strlen(real) < sizeof m->path)
    strcpy(m->path, real);
  free(real);
}

bool switchable(const luge_site &r) { return r.kind == LUGE_SITE_ENTRY && r.stub; }

int by_function_order(const void *a, const void *b) {
  uintptr_t x = static_cast<const Site *>(a)->function, y = static_cast<const Site *>(b)->function;
  return x < y ? -1 : x > y;
}

// Memory that is about to be written in order: made ready a piece ahead, which costs half of what a fault for each page
// does, and leaves the piece in the cache.
class Ahead {
public:
  Ahead(uintptr_t begin, uintptr_t until) : ready(begin & ~kPageMask), end(until) {}
  void reach(uintptr_t at) {
    if (at < ready || at >= end)
      return;
    uintptr_t from = at & ~kPageMask;
    ready = end - from > kPiece ? from + kPiece : end;
    sys::populate(reinterpret_cast<void *>(from), ready - from);
  }

private:
  static constexpr uintptr_t kPiece = 1 << 17;
  uintptr_t ready, end;
};

// Slots stand in .bss as the records stand in their section, nearly always without much between.
Ahead slots_ahead(const luge_site *first, const luge_site *last) {
  while (!switchable(*last))
    --last;
  auto low = reinterpret_cast<uintptr_t>(slot_of_stub(LUGE_FIELD_ADDRESS(first->stub)));
  auto high = reinterpret_cast<uintptr_t>(slot_of_stub(LUGE_FIELD_ADDRESS(last->stub)) + 1);
  auto records = static_cast<uintptr_t>(last - first + 1);
  bool usual = low < high && high - low > 4 * kPage && high - low <= 2 * sizeof(luge_slot) * records;
  return usual ? Ahead(low, high) : Ahead(0, 0);
}

// Without a sled that the table can describe it is refused from the start. `s` is zero: whole, it would be put together
// elsewhere first.
void fill(Site &s, const luge_site &r, uint32_t index) {
  uintptr_t function = LUGE_FIELD_ADDRESS(r.function), sled = LUGE_FIELD_ADDRESS(r.sled);
  s.body = reinterpret_cast<void *>(body_address(arch::layout, LUGE_FIELD_ADDRESS(r.stub)));
  s.function = function;
  s.index = index;
  s.stack_args = r.stack_args;
  s.sled = static_cast<uint8_t>(sled - function);
  s.no_vectors = (r.flags & LUGE_SITE_NO_VECTORS) != 0;
  s.state = static_cast<uint8_t>((r.flags & LUGE_SITE_TOGGLE ? SiteToggle : 0) |
                                 (r.flags & LUGE_SITE_SPECIAL_CC ? SiteSpecial : 0) |
                                 (luge_site_has_exit(r.flags, r.stack_args) ? SiteHasExit : 0) |
                                 (sled - function > UINT8_MAX ? SiteRefused : 0));
}

// Room for as many sites as there may be.
size_t table_bytes(const Module &m) {
  return (static_cast<size_t>(m.records_end - m.records) * sizeof(Site) + kPageMask) & ~kPageMask;
}

} // namespace

Module *Modules::add(const luge_site *begin, const luge_site *end, const void *names, const void *names_end) {
  auto *m = static_cast<Module *>(
      sys::map(sizeof(Module), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (!m)
    return nullptr;
  m->records = begin;
  m->records_end = end;
  m->names = static_cast<const char *>(names);
  m->names_end = static_cast<const char *>(names_end);
  m->next = head;
  __atomic_store_n(&head, m, __ATOMIC_RELEASE);
  return m;
}

Module *Modules::remove(const luge_site *begin, const luge_site *end) {
  for (Module **at = &head; Module *m = *at; at = &m->next)
    if (m->records == begin && m->records_end == end) {
      __atomic_store_n(at, m->next, __ATOMIC_RELEASE);
      return m;
    }
  return nullptr;
}

uint32_t Modules::take_indices(uint32_t count) {
  for (Indices &r : returned)
    if (r.count >= count) {
      uint32_t first = r.first;
      r = {r.first + count, r.count - count};
      return first;
    }
  next_index += count;
  return next_index - count;
}

// Where there is no place to note them they are not used again.
void Modules::give_indices(uint32_t first, uint32_t count) {
  for (Indices &r : returned)
    if (r.count && r.first + r.count == first) {
      r.count += count;
      return;
    } else if (r.count && first + count == r.first) {
      r = {first, r.count + count};
      return;
    }
  for (Indices &r : returned)
    if (!r.count) {
      r = {first, count};
      return;
    }
}

void Modules::release(Module *m) {
  if (m->sites)
    give_indices(m->first_index, m->site_count);
  if (m->sites)
    sys::unmap(m->sites, table_bytes(*m));
  sys::unmap(m, sizeof(Module));
}

// Event ids are slot addresses modulo 64 GiB: two modules may share some by misfortune.
bool Modules::clashes(const Module &m) const {
  uint32_t span = m.last_id - m.first_id;
  for (const Module *o = head; o; o = o->next)
    if (o != &m && o->sites && (o->first_id - m.first_id <= span || m.first_id - o->first_id <= o->last_id - o->first_id))
      return true;
  return false;
}

// One pass over the records, as a rule: what costs is the memory that it goes through.
bool Modules::make_table(Module &m, const luge_site *first) {
  constexpr int kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  auto *table = static_cast<Site *>(sys::map(table_bytes(m), PROT_READ | PROT_WRITE, kind, -1, 0));
  if (!table)
    return false;
  auto room = static_cast<uint32_t>(m.records_end - first);
  auto at = reinterpret_cast<uintptr_t>(table);
  Ahead sites(at, at + table_bytes(m)), slots = slots_ahead(first, m.records_end - 1);
  m.sites = table;
  m.first_index = take_indices(room);
  luge_slot *low = slot_of_stub(LUGE_FIELD_ADDRESS(first->stub)), *high = low;
  uint32_t n = 0;
  bool sorted = true;
  for (const luge_site *r = first; r < m.records_end; ++r)
    if (switchable(*r)) {
      luge_slot *slot = slot_of_stub(LUGE_FIELD_ADDRESS(r->stub));
      sites.reach(reinterpret_cast<uintptr_t>(&table[n]));
      slots.reach(reinterpret_cast<uintptr_t>(slot));
      low = slot < low ? slot : low;
      high = slot > high ? slot : high;
      fill(table[n], *r, m.first_index + n);
      slot->site = &table[n];
      sorted = sorted && (!n || table[n - 1].function <= table[n].function);
      ++n;
    }
  m.site_count = n;
  if (n < room)
    give_indices(m.first_index + n, room - n);
  m.first_id = event_id(reinterpret_cast<uintptr_t>(low));
  m.last_id = event_id(reinterpret_cast<uintptr_t>(high));
  if (sorted)
    return true;
  qsort(table, n, sizeof *table, by_function_order);
  for (uint32_t i = 0; i < n; ++i) {
    table[i].index = m.first_index + i;
    slot_of(table[i])->site = &table[i];
  }
  return true;
}

bool Modules::build(Module &m) {
  if (m.sites)
    return !m.ids_clash;
  const luge_site *first = m.records;
  while (first < m.records_end && !switchable(*first))
    ++first;
  if (first == m.records_end)
    return false;
  Search s{LUGE_FIELD_ADDRESS(first->sled), &m};
  dl_iterate_phdr(describe, &s);
  resolve_self(&m);
  note_near_entries(m);
  if (!make_table(m, first))
    return false;
  m.ids_clash = clashes(m);
  if (m.ids_clash)
    sys::report() << m.path << ": its functions share event numbers with those of another object "
                     "(address layout); not traced in this run";
  return !m.ids_clash;
}

Site *Modules::below(const Module &m, uintptr_t address) {
  uint32_t low = 0, high = m.sites ? m.site_count : 0;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (m.sites[middle].function <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? &m.sites[low - 1] : nullptr;
}

Site *Modules::by_function(uintptr_t address, Module **module) const {
  for (Module *m = first(); m; m = m->next)
    if (Site *s = below(*m, address); s && s->function == address) {
      *module = m;
      return s;
    }
  return nullptr;
}

} // namespace luge
