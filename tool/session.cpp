// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/session.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>

#include <fmt/format.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool/text.h"

namespace luge {
namespace {

constexpr uint64_t kModulesOffset = kPage;
constexpr unsigned kShareOfLimit = 4; // of a limited address space: the program needs its own

uint64_t page_up(uint64_t bytes) { return (bytes + kPage - 1) / kPage * kPage; }

// As many rings as fit; 0: not even one.
uint32_t rings_within(int resource, unsigned share, uint64_t before, uint64_t ring,
                      uint32_t wanted) {
  rlimit limit;
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return wanted;
  uint64_t room = limit.rlim_cur / share;
  return room <= before ? 0
                        : static_cast<uint32_t>(std::min<uint64_t>(wanted, (room - before) / ring));
}

} // namespace

std::unique_ptr<SharedSession> SharedSession::create(const SessionConfig &config,
                                                     std::string &error) {
  std::unique_ptr<SharedSession> s(new SharedSession);
  s->config_ = config;
  uint64_t ring = kPage + config.ring_bytes;
  s->rings_offset_ = page_up(kModulesOffset + config.max_modules * sizeof(ModuleEntry));
  uint32_t rings = rings_within(RLIMIT_AS, kShareOfLimit, s->rings_offset_, ring, config.max_rings);
  rings = rings_within(RLIMIT_FSIZE, 1, s->rings_offset_, ring, rings);
  if (rings == 0) {
    error = fmt::format("trace buffers of {} a thread do not fit the limits (ulimit -v, -f); "
                        "use smaller ones (-b)",
                        byte_text(config.ring_bytes));
    return nullptr;
  }
  s->config_.max_rings = rings;
  s->total_ = s->rings_offset_ + rings * ring;
  s->fd_ = memfd_create("luge-session", MFD_CLOEXEC);
  if (s->fd_ < 0 || ftruncate(s->fd_, static_cast<off_t>(s->total_)) != 0) {
    error = fmt::format("trace buffers: {}", std::strerror(errno));
    return nullptr;
  }
  void *at =
      mmap(nullptr, s->total_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, s->fd_, 0);
  if (at == MAP_FAILED) {
    error =
        fmt::format("trace buffers of {} in all: {}; use fewer (--threads) or smaller ones (-b)",
                    byte_text(s->total_), std::strerror(errno));
    return nullptr;
  }
  s->base_ = static_cast<uint8_t *>(at);
  s->header_ = reinterpret_cast<SessionHeader *>(at);
  SessionHeader &h = *s->header_;
  h.magic = kSessionMagic;
  h.version = kSessionVersion;
  h.mode = BufferMode::Stream;
  h.total_bytes = s->total_;
  h.modules_offset = kModulesOffset;
  h.rings_offset = s->rings_offset_;
  h.max_modules = config.max_modules;
  h.max_rings = rings;
  h.ring_bytes = config.ring_bytes;
  h.recorder_alive = 1;
  h.tracer = config.tracer;
  return s;
}

SharedSession::~SharedSession() {
  if (base_)
    munmap(base_, total_);
  if (fd_ >= 0)
    close(fd_);
}

std::string SharedSession::path() const { return fmt::format("/proc/{}/fd/{}", getpid(), fd_); }

uint32_t SharedSession::rings_used() const {
  return std::min(load_acquire(header_->rings_used), config_.max_rings);
}

uint32_t SharedSession::modules_used() const {
  return std::min(load_acquire(header_->modules_used), config_.max_modules);
}

uint32_t SharedSession::modules_lost() const {
  return load_acquire(header_->modules_used) - modules_used();
}

uint64_t SharedSession::threads_lost() const { return load_acquire(header_->lost_threads); }

RingHeader *SharedSession::ring(uint32_t index) const {
  return reinterpret_cast<RingHeader *>(base_ + rings_offset_ +
                                        index * (kPage + config_.ring_bytes));
}

uint8_t *SharedSession::block(uint32_t index, uint64_t number) const {
  return reinterpret_cast<uint8_t *>(ring(index)) + kPage + place_of(*ring(index), number, blocks()) * kBlockBytes;
}

ModuleEntry *SharedSession::module(uint32_t index) const {
  return reinterpret_cast<ModuleEntry *>(base_ + kModulesOffset) + index;
}

uint32_t SharedSession::wake_count() const { return load_acquire(header_->wake); }

void SharedSession::sleep_until_woken(uint32_t since, unsigned milliseconds) const {
  timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1'000'000l};
  syscall(SYS_futex, &header_->wake, FUTEX_WAIT, since, &timeout, nullptr, 0);
}

void SharedSession::wake_self() const {
  __atomic_fetch_add(&header_->wake, 1, __ATOMIC_RELEASE);
  syscall(SYS_futex, &header_->wake, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void SharedSession::say_recorder_leaves() const { store_release(header_->recorder_alive, 0u); }

} // namespace luge
