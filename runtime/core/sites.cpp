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

// What dl_iterate_phdr knows of the object that holds an address.
struct Search {
  uintptr_t address;
  uintptr_t sled; // 0: no record
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
  if (!holds(info, s->address))
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

int by_slot_order(const void *a, const void *b, void *module) {
  auto *m = static_cast<const Module *>(module);
  auto x = reinterpret_cast<uintptr_t>(slot_of(record_of(*m, *static_cast<const Site *>(a))));
  auto y = reinterpret_cast<uintptr_t>(slot_of(record_of(*m, *static_cast<const Site *>(b))));
  return x < y ? -1 : x > y;
}

bool in_order(const Module &m) {
  for (uint32_t i = 1; i < m.site_count; ++i)
    if (slot_of(record_of(m, m.sites[i - 1])) > slot_of(record_of(m, m.sites[i])))
      return false;
  return true;
}

uint32_t id_of(const Module &m, uint32_t i) {
  return event_id(reinterpret_cast<uintptr_t>(slot_of(record_of(m, m.sites[i]))));
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

void Modules::remove(const luge_site *begin, const luge_site *end) {
  for (Module **at = &head; *at; at = &(*at)->next)
    if ((*at)->records == begin && (*at)->records_end == end) {
      // The Module itself stays mapped: a callback on another thread may still be looking at it.
      __atomic_store_n(at, (*at)->next, __ATOMIC_RELEASE);
      return;
    }
}

// Event ids are slot addresses modulo 64 GiB: two modules may share some by misfortune.
bool Modules::clashes(const Module &m) const {
  uint32_t low = id_of(m, 0), span = id_of(m, m.site_count - 1) - low;
  for (const Module *o = head; o; o = o->next)
    if (o != &m && o->site_count &&
        (id_of(*o, 0) - low <= span || low - id_of(*o, 0) <= id_of(*o, o->site_count - 1) - id_of(*o, 0)))
      return true;
  return false;
}

bool Modules::build(Module &m) {
  if (m.sites)
    return m.site_count && !m.ids_clash;
  uint32_t n = 0;
  for (const luge_site *r = m.records; r < m.records_end; ++r)
    n += switchable(*r);
  if (!n)
    return false;
  for (const luge_site *r = m.records; r < m.records_end; ++r)
    if (switchable(*r)) {
      Search s{reinterpret_cast<uintptr_t>(m.records), sled_of(*r), &m};
      dl_iterate_phdr(describe, &s);
      break;
    }
  resolve_self(&m);
  void *memory = sys::map(n * (sizeof(Site) + sizeof(uint32_t)), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (!memory)
    return false;
  auto *table = static_cast<Site *>(memory);
  auto *numbers = reinterpret_cast<uint32_t *>(table + n);
  uint32_t i = 0;
  for (const luge_site *r = m.records; r < m.records_end; ++r)
    if (switchable(*r))
      table[i++].record = static_cast<uint32_t>(r - m.records);
  m.slot_numbers = numbers;
  m.site_count = n;
  m.sites = table;
  if (!in_order(m))
    qsort_r(table, n, sizeof *table, by_slot_order, &m);
  m.first_slot = slot_of(record_of(m, table[0]));
  for (i = 0; i < n; ++i)
    numbers[i] = static_cast<uint32_t>(slot_of(record_of(m, table[i])) - m.first_slot);
  m.ids_clash = clashes(m);
  if (m.ids_clash)
    sys::report() << m.path << ": its functions share event numbers with those of another object "
                     "(address layout); not traced in this run";
  return !m.ids_clash;
}

Site *Modules::by_slot(const luge_slot *slot, Module **module) const {
  for (Module *m = first(); m; m = m->next) {
    if (!m->sites || slot < m->first_slot)
      continue;
    uint64_t number = static_cast<uint64_t>(slot - m->first_slot);
    uint32_t low = 0, high = m->site_count;
    if (number > m->slot_numbers[high - 1])
      continue;
    // Slots mostly stand side by side, so a slot's number is its index, or a little more.
    uint32_t guess = number < high ? static_cast<uint32_t>(number) : high - 1;
    while (low < high) {
      uint32_t at = m->slot_numbers[guess];
      if (at == number) {
        *module = m;
        return &m->sites[guess];
      }
      if (at < number)
        low = guess + 1;
      else
        high = guess;
      guess = (low + high) / 2;
    }
  }
  return nullptr;
}

Site *Modules::by_function(uintptr_t address, Module **module) const {
  for (Module *m = first(); m; m = m->next)
    for (uint32_t i = 0; m->sites && i < m->site_count; ++i)
      if (function_of(record_of(*m, m->sites[i])) == address) {
        *module = m;
        return &m->sites[i];
      }
  return nullptr;
}

} // namespace luge
