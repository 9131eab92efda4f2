// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/sites.h"

#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/current/layout.h"
#include "arch/current/patch.h"
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

// Slots stand in .bss as the records stand in their section, nearly always without much between.
void make_slots_ready(const Module &m) {
  const luge_site *first = m.records, *last = m.records_end - 1;
  while (!switchable(*first))
    ++first;
  while (!switchable(*last))
    --last;
  auto low = reinterpret_cast<uintptr_t>(slot_of_stub(LUGE_FIELD_ADDRESS(first->stub)));
  auto high = reinterpret_cast<uintptr_t>(slot_of_stub(LUGE_FIELD_ADDRESS(last->stub)) + 1);
  if (low < high && high - low > 4 * kPage && high - low <= 2 * sizeof(luge_slot) * m.site_count)
    sys::populate(reinterpret_cast<void *>(low & ~kPageMask), high - (low & ~kPageMask));
}

// Without a sled that the table can describe it is refused from the start.
Site site_from(const luge_site &r) {
  uintptr_t function = LUGE_FIELD_ADDRESS(r.function), sled = LUGE_FIELD_ADDRESS(r.sled);
  Site s = {};
  s.body = reinterpret_cast<void *>(body_address(arch::layout, LUGE_FIELD_ADDRESS(r.stub)));
  s.function = function;
  s.stack_args = r.stack_args;
  s.sled = static_cast<uint8_t>(sled - function);
  s.no_vectors = (r.flags & LUGE_SITE_NO_VECTORS) != 0;
  s.state = static_cast<uint8_t>((r.flags & LUGE_SITE_TOGGLE ? SiteToggle : 0) |
                                 (r.flags & LUGE_SITE_SPECIAL_CC ? SiteSpecial : 0) |
                                 (luge_site_has_exit(r.flags, r.stack_args) ? SiteHasExit : 0) |
                                 (sled - function > UINT8_MAX ? SiteRefused : 0));
  return s;
}

size_t table_bytes(uint32_t sites) { return (sites * sizeof(Site) + kPageMask) & ~kPageMask; }

// Written as a whole at once. What a page costs is most of it: large ones, where there is room for one.
void *map_table(size_t bytes) {
  constexpr size_t large = 2 << 20;
  constexpr int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
  if (bytes < large)
    return sys::map(bytes, protection, flags | MAP_POPULATE, -1, 0);
  auto *p = static_cast<char *>(sys::map(bytes + large, protection, flags, -1, 0));
  if (!p)
    return nullptr;
  size_t before = -reinterpret_cast<uintptr_t>(p) & (large - 1);
  if (before)
    sys::unmap(p, before);
  sys::unmap(p + before + bytes, large - before);
  sys::use_large_pages(p + before, bytes);
  sys::populate(p + before, bytes);
  return p + before;
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
    sys::unmap(m->sites, table_bytes(m->site_count));
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

bool Modules::make_table(Module &m, uint32_t n) {
  auto *table = static_cast<Site *>(map_table(table_bytes(n)));
  if (!table)
    return false;
  m.site_count = n;
  m.first_index = take_indices(n);
  m.sites = table;
  make_slots_ready(m);
  uint32_t i = 0;
  bool sorted = true;
  for (const luge_site *r = m.records; r < m.records_end; ++r)
    if (switchable(*r)) {
      table[i] = site_from(*r);
      sorted = sorted && (!i || table[i - 1].function <= table[i].function);
      ++i;
    }
  if (!sorted)
    qsort(table, n, sizeof *table, by_function_order);
  luge_slot *low = slot_of(table[0]), *high = low;
  for (i = 0; i < n; ++i) {
    luge_slot *slot = slot_of(table[i]);
    low = slot < low ? slot : low;
    high = slot > high ? slot : high;
    table[i].index = m.first_index + i;
    slot->site = &table[i];
  }
  m.first_id = event_id(reinterpret_cast<uintptr_t>(low));
  m.last_id = event_id(reinterpret_cast<uintptr_t>(high));
  return true;
}

bool Modules::build(Module &m) {
  if (m.sites)
    return !m.ids_clash;
  uint32_t n = 0;
  const luge_site *any = nullptr;
  for (const luge_site *r = m.records; r < m.records_end; ++r)
    if (switchable(*r)) {
      any = r;
      ++n;
    }
  if (!n)
    return false;
  Search s{LUGE_FIELD_ADDRESS(any->sled), &m};
  dl_iterate_phdr(describe, &s);
  resolve_self(&m);
  if (!make_table(m, n))
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
