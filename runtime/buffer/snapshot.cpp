// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies of a flight recorder while it runs. A reader of sessions copes with blocks that are
// being written (sled/trace_format.h); the copy is made beside its name and then renamed, so that no
// half of one is ever seen.
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "runtime/buffer/ring.h"
#include "runtime/sys/linux.h"

namespace luge {

namespace {

constexpr size_t kPathRoom = 1024;

bool all_zero(const uint8_t *at, size_t size) {
  for (size_t i = 0; i < size; i += sizeof(uint64_t))
    if (*reinterpret_cast<const volatile uint64_t *>(at + i))
      return false;
  return true;
}

// Unused pages stay holes.
long copy(int fd, const uint8_t *from, uint64_t offset, uint64_t size) {
  for (uint64_t done = 0; done < size; done += kPage) {
    if (all_zero(from + offset + done, kPage))
      continue;
    long r = sys::write_at(fd, from + offset + done, kPage, offset + done);
    if (r != static_cast<long>(kPage))
      return r < 0 ? r : -ENOSPC;
  }
  return 0;
}

long copy_all(int fd, const RingHeader *only) {
  const SessionHeader &h = *session.header;
  auto *base = reinterpret_cast<const uint8_t *>(session.header);
  long r = sys::set_file_size(fd, h.total_bytes);
  if (r >= 0)
    r = copy(fd, base, 0, h.rings_offset);
  for (uint32_t i = 0; i < h.max_rings && r >= 0; ++i) {
    uint64_t at = h.rings_offset + i * (kPage + h.ring_bytes);
    auto *ring = reinterpret_cast<const RingHeader *>(base + at);
    if (__atomic_load_n(&ring->state, __ATOMIC_ACQUIRE) != RingFree && (!only || only == ring))
      r = copy(fd, base, at, kPage + h.ring_bytes);
  }
  return r;
}

void put_number(char *at, unsigned number) {
  char digits[12];
  size_t n = 0;
  do
    digits[n++] = static_cast<char>('0' + number % 10);
  while (number /= 10);
  while (n)
    *at++ = digits[--n];
  *at = 0;
}

} // namespace

int session_copy(unsigned number, const RingHeader *only) {
  static uint32_t busy;
  if (!session.attached() || !session.path[0])
    return -ENOENT;
  uint32_t idle = 0;
  if (!__atomic_compare_exchange_n(&busy, &idle, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return -EBUSY;
  char path[kPathRoom], temporary[kPathRoom];
  strcpy(path, session.path);
  strcpy(temporary, session.path);
  strcat(temporary, ".copying");
  if (number) {
    strcat(path, ".");
    put_number(path + strlen(path), number);
    strcat(path, ".dump");
  } else
    strcat(path, ".snapshot");
  sys::remove_file(temporary);
  long fd = sys::open_file(temporary, O_RDWR | O_CREAT | O_EXCL, 0600);
  long r = fd < 0 ? fd : copy_all(static_cast<int>(fd), only);
  if (fd >= 0)
    sys::close_file(static_cast<int>(fd));
  if (r >= 0)
    r = sys::rename_file(temporary, path);
  else
    sys::remove_file(temporary);
  __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
  return r < 0 ? static_cast<int>(r) : 0;
}

} // namespace luge
