// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/sys/near.h"

#include <fcntl.h>
#include <linux/memfd.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "arch/current/cpu.h"
#include "runtime/sys/linux.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u // Linux 6.3
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

namespace luge::sys {

using arch::raw_syscall;

namespace {

constexpr uintptr_t kPageSize = 4096;
constexpr uintptr_t kLowest = 0x10000;          // vm.mmap_min_addr
constexpr uintptr_t kHighest = 0x7fffffffe000;  // of user space
constexpr uintptr_t kHeapRoom = 1ull << 30;     // left above the program break
constexpr uintptr_t kStackRoom = 1ull << 30;    // left below a stack
constexpr size_t kMapsMost = 16 << 20;

constexpr uintptr_t whole_pages(uintptr_t n) { return (n + kPageSize - 1) & ~(kPageSize - 1); }

class Choice {
public:
  Choice(uintptr_t code, uintptr_t code_end, uint64_t reach, size_t bytes, uintptr_t heap)
      : low(code_end > reach + kLowest ? whole_pages(code_end - reach) : kLowest),
        high(code + reach < kHighest ? (code + reach) & ~(kPageSize - 1) : kHighest), begin(code), end(code_end), size(bytes),
        program_break(heap) {}
  uintptr_t place() const { return best; }

  // A free range, without what the heap will want of it.
  void offer(uintptr_t from, uintptr_t to) {
    uintptr_t heap_end = program_break + kHeapRoom;
    if (to <= program_break || from >= heap_end)
      return take(from, to);
    take(from, program_break & ~(kPageSize - 1));
    take(whole_pages(heap_end), to);
  }

private:
  // Its end nearest to the code.
  void take(uintptr_t from, uintptr_t to) {
    from = from < low ? low : from;
    to = to > high ? high : to;
    if (from >= to || to - from < size)
      return;
    uintptr_t at = to <= begin ? to - size : from;
    uintptr_t distance = at < begin ? begin - at : at - end;
    if (distance < best_distance) {
      best = at;
      best_distance = distance;
    }
  }

  uintptr_t low, high; // where the memory may lie
  uintptr_t begin, end;
  size_t size;
  uintptr_t program_break;
  uintptr_t best = 0;
  uintptr_t best_distance = ~uintptr_t{0};
};

uintptr_t parse_hex(const char *&p, const char *end) {
  uintptr_t v = 0;
  for (; p < end; ++p) {
    unsigned c = static_cast<unsigned char>(*p);
    unsigned digit = c - '0' < 10 ? c - '0' : c - 'a' < 6 ? c - 'a' + 10 : 16;
    if (digit == 16)
      break;
    v = v << 4 | digit;
  }
  return v;
}

bool ends_with(const char *line, const char *end, const char *word) {
  size_t n = strlen(word);
  return static_cast<size_t>(end - line) >= n && !memcmp(end - n, word, n);
}

// The whole of /proc/self/maps; null: not readable. `*size`: its bytes, `*room`: to unmap.
char *read_maps(size_t *size, size_t *room) {
  for (*room = 64 << 10; *room <= kMapsMost; *room *= 4) {
    auto *text = static_cast<char *>(map(*room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    long fd = text ? open_file("/proc/self/maps", O_RDONLY) : -1;
    long n = 0;
    *size = 0;
    while (fd >= 0 && (n = read_at(static_cast<int>(fd), text + *size, *room - *size, *size)) > 0)
      *size += static_cast<size_t>(n);
    if (fd >= 0)
      close_file(static_cast<int>(fd));
    if (fd >= 0 && n == 0 && *size < *room)
      return text;
    if (text)
      unmap(text, *room);
    if (fd < 0)
      return nullptr;
  }
  return nullptr;
}

} // namespace

uintptr_t place_near(const char *maps, size_t maps_size, uintptr_t program_break, size_t size,
                     uintptr_t begin, uintptr_t end, uint64_t reach) {
  if (end - begin >= reach || size > reach - (end - begin))
    return 0;
  Choice c(begin, end, reach, size, program_break);
  uintptr_t free_from = kLowest;
  const char *stop = maps + maps_size;
  for (const char *p = maps; p < stop;) {
    auto *newline = static_cast<const char *>(memchr(p, '\n', static_cast<size_t>(stop - p)));
    const char *line_end = newline ? newline : stop;
    uintptr_t from = parse_hex(p, line_end);
    if (p < line_end)
      ++p; // '-'
    uintptr_t to = parse_hex(p, line_end);
    uintptr_t free_to = from;
    if (ends_with(p, line_end, "[stack]")) // grows downwards
      free_to = from - free_from > kStackRoom ? from - kStackRoom : free_from;
    c.offer(free_from, free_to);
    free_from = to > free_from ? to : free_from;
    p = line_end + 1;
  }
  c.offer(free_from, kHighest);
  return c.place();
}

void *map_near(size_t size, uintptr_t begin, uintptr_t end, uint64_t reach) {
  // Another thread may take the place that was found: look again.
  for (int attempt = 0; attempt < 8; ++attempt) {
    size_t bytes, room;
    char *maps = read_maps(&bytes, &room);
    if (!maps)
      return nullptr;
    auto brk = static_cast<uintptr_t>(raw_syscall(SYS_brk, 0));
    uintptr_t at = place_near(maps, bytes, brk, size, begin, end, reach);
    unmap(maps, room);
    if (!at)
      return nullptr;
    long r = raw_syscall(SYS_mmap, static_cast<long>(at), static_cast<long>(size), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (r == static_cast<long>(at))
      return reinterpret_cast<void *>(at);
    if (r > 0) // a kernel before 4.17 takes it for a hint
      unmap(reinterpret_cast<void *>(r), size);
  }
  return nullptr;
}

bool map_code(void *at, const void *code, size_t size) {
  auto name = reinterpret_cast<long>("luge stubs");
  long fd = raw_syscall(SYS_memfd_create, name, MFD_CLOEXEC | MFD_EXEC);
  if (fd < 0)
    fd = raw_syscall(SYS_memfd_create, name, MFD_CLOEXEC);
  bool done = false;
  if (fd >= 0) {
    size_t written = 0;
    long n = 1;
    for (; written < size && n > 0; written += n > 0 ? static_cast<size_t>(n) : 0)
      n = write_at(static_cast<int>(fd), static_cast<const char *>(code) + written, size - written, written);
    done = written == size &&
           raw_syscall(SYS_mmap, reinterpret_cast<long>(at), static_cast<long>(size), PROT_READ | PROT_EXEC,
                       MAP_PRIVATE | MAP_FIXED, fd, 0) == reinterpret_cast<long>(at);
    close_file(static_cast<int>(fd));
  }
  if (done)
    return true;
  // No memory files here (seccomp, vm.memfd_noexec): writable first, then executable.
  memcpy(at, code, size);
  return protect(at, size, PROT_READ | PROT_EXEC) == 0;
}

unsigned thread_count() {
  struct stat st;
  if (raw_syscall(SYS_newfstatat, AT_FDCWD, reinterpret_cast<long>("/proc/self/task"), reinterpret_cast<long>(&st),
                  0) != 0 ||
      st.st_nlink < 3)
    return 0;
  return static_cast<unsigned>(st.st_nlink - 2); // a folder for each, and the two of every folder
}

} // namespace luge::sys
