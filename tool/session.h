// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The recorder's end of a session: the memfd that traced processes map (sled/trace_format.h).
// What they write there is taken with care: a program that runs wild may have written anything,
// so sizes and counts come from our own copies.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "sled/trace_format.h"

namespace luge {

struct SessionConfig {
  uint64_t ring_bytes = 4 << 20; // a multiple of kBlockBytes, at least two of them
  uint32_t max_rings = 512;
  uint32_t max_modules = 4096;
  TracerKind tracer = TracerKind::FunctionGraph;
};

class SharedSession {
public:
  // Null after an error in words. Fewer rings than asked for where address space or file sizes
  // are limited (the limits hold for the program, too): max_rings() tells.
  static std::unique_ptr<SharedSession> create(const SessionConfig &config, std::string &error);
  ~SharedSession();
  SharedSession(const SharedSession &) = delete;
  SharedSession &operator=(const SharedSession &) = delete;

  std::string path() const; // how other processes open it, as long as this one lives

  uint32_t max_rings() const { return config_.max_rings; }
  uint32_t max_modules() const { return config_.max_modules; }
  uint64_t blocks() const { return config_.ring_bytes / kBlockBytes; }

  uint32_t rings_used() const;   // ever taken, at most max_rings()
  uint32_t modules_used() const; // at most max_modules()
  uint32_t modules_lost() const;
  uint64_t threads_lost() const;

  RingHeader *ring(uint32_t index) const;
  uint8_t *block(uint32_t ring, uint64_t number) const; // number % blocks()
  ModuleEntry *module(uint32_t index) const;

  // The futex that writers bump. sleep_until_woken() returns at once if it has changed since.
  uint32_t wake_count() const;
  void sleep_until_woken(uint32_t since, unsigned milliseconds) const;
  void wake_self() const; // async-signal-safe: ends a sleep_until_woken()
  void say_recorder_leaves() const;

private:
  SharedSession() = default;

  SessionConfig config_;
  uint64_t rings_offset_ = 0, total_ = 0;
  int fd_ = -1;
  uint8_t *base_ = nullptr;
  SessionHeader *header_ = nullptr;
};

template <typename T> T load_acquire(const T &field) {
  return __atomic_load_n(&field, __ATOMIC_ACQUIRE);
}
template <typename T> void store_release(T &field, T value) {
  __atomic_store_n(&field, value, __ATOMIC_RELEASE);
}

} // namespace luge
