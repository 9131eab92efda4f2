// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/sys/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "arch/current/cpu.h"

namespace luge::sys {

using arch::raw_syscall;

namespace {

long address(const void *p) { return reinterpret_cast<long>(p); }

// 0 = not registered yet, 1 = usable, -1 = the kernel has none.
int sync_state, barrier_state;

bool membarrier_ready(int command, int registration, int *state) {
  if (*state == 0) {
    long known = raw_syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    bool ok = known > 0 && (known & command) && raw_syscall(SYS_membarrier, registration, 0, 0) == 0;
    *state = ok ? 1 : -1;
  }
  return *state == 1;
}

// Programs close descriptors by number, and count on getting the lowest: a high one is in nobody's way, and where the
// program does close it, no other file soon has its number. Below 64, where every process has room: making more of it
// takes a process with threads 10 to 20 ms (synchronize_rcu() in the kernel's fs/file.c).
long out_of_the_way(long fd) {
  constexpr long kLowest[] = {48, 3};
  for (long lowest : kLowest) {
    long high = raw_syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest);
    if (high < 0)
      continue; // beyond RLIMIT_NOFILE
    raw_syscall(SYS_close, fd);
    return high;
  }
  return fd;
}

} // namespace

long open_file(const char *path, int flags, int mode) {
  long fd = raw_syscall(SYS_openat, AT_FDCWD, address(path), flags | O_CLOEXEC, mode);
  return fd < 0 ? fd : out_of_the_way(fd);
}
long remove_file(const char *path) { return raw_syscall(SYS_unlinkat, AT_FDCWD, address(path), 0); }
long rename_file(const char *from, const char *to) {
  return raw_syscall(SYS_renameat, AT_FDCWD, address(from), AT_FDCWD, address(to));
}
long close_file(int fd) { return raw_syscall(SYS_close, fd); }
long read_at(int fd, void *buffer, size_t size, uint64_t offset) {
  return raw_syscall(SYS_pread64, fd, address(buffer), static_cast<long>(size), static_cast<long>(offset));
}
long write_at(int fd, const void *buffer, size_t size, uint64_t offset) {
  return raw_syscall(SYS_pwrite64, fd, address(buffer), static_cast<long>(size), static_cast<long>(offset));
}
long file_size(int fd) {
  struct stat st;
  long r = raw_syscall(SYS_newfstatat, fd, address(""), address(&st), AT_EMPTY_PATH);
  return r < 0 ? r : st.st_size;
}
long set_file_size(int fd, uint64_t size) { return raw_syscall(SYS_ftruncate, fd, static_cast<long>(size)); }

void *map(size_t size, int protection, int flags, int fd, uint64_t offset) {
  long r = raw_syscall(SYS_mmap, 0, static_cast<long>(size), protection, flags, fd, static_cast<long>(offset));
  return r < 0 && r > -4096 ? nullptr : reinterpret_cast<void *>(r);
}
void unmap(void *at, size_t size) { raw_syscall(SYS_munmap, address(at), static_cast<long>(size)); }
void populate(void *at, size_t size) {
  constexpr int kPopulateWrite = 23; // MADV_POPULATE_WRITE, Linux 5.14
  raw_syscall(SYS_madvise, address(at), static_cast<long>((size + 4095) & ~size_t{4095}), kPopulateWrite);
}
void use_large_pages(void *at, size_t size) {
  raw_syscall(SYS_madvise, address(at), static_cast<long>(size), MADV_HUGEPAGE);
}
long protect(void *at, size_t size, int protection) {
  return raw_syscall(SYS_mprotect, address(at), static_cast<long>(size), protection);
}

void wipe_on_fork(void *at, size_t size) {
  raw_syscall(SYS_madvise, address(at), static_cast<long>(size), MADV_WIPEONFORK);
}
long process_id() { return raw_syscall(SYS_getpid); }
long thread_id() { return raw_syscall(SYS_gettid); }
bool thread_exists(long pid, long tid) { return raw_syscall(SYS_tgkill, pid, tid, 0) == 0; }
void thread_name(char name[16]) {
  name[0] = 0;
  raw_syscall(SYS_prctl, PR_GET_NAME, address(name));
}

bool on_alternate_stack() {
  stack_t s;
  return raw_syscall(SYS_sigaltstack, 0, address(&s)) == 0 && (s.ss_flags & SS_ONSTACK);
}

Range alternate_stack() {
  stack_t s;
  if (raw_syscall(SYS_sigaltstack, 0, address(&s)) < 0 || s.ss_flags & SS_DISABLE)
    return {};
  return {reinterpret_cast<uintptr_t>(s.ss_sp), s.ss_size};
}

// The kernel reads the new mask before it finds that nobody knows what to do with it. Unlike process_vm_readv()
// this is a call that every sandbox lets through. Valgrind would complain of it.
bool readable(uintptr_t from, uintptr_t to) {
  constexpr uintptr_t kPage = 4096;
  constexpr long kNothing = -1;
  if (arch::on_valgrind())
    return true;
  for (uintptr_t at = from & ~(kPage - 1); at <= to; at += kPage)
    if (raw_syscall(SYS_rt_sigprocmask, kNothing, static_cast<long>(at), 0, sizeof(uint64_t)) == -EFAULT)
      return false;
  return true;
}

void yield() { raw_syscall(SYS_sched_yield); }
void sleep_ns(uint64_t ns) {
  timespec t{static_cast<time_t>(ns / 1000000000), static_cast<long>(ns % 1000000000)};
  raw_syscall(SYS_nanosleep, address(&t), 0);
}
void wake(uint32_t *word) { raw_syscall(SYS_futex, address(word), FUTEX_WAKE, 1); }

// Also in a fork child, whose address space is a new one. With one thread this costs nothing; with more the kernel waits for a grace period (10-30 ms).
void prepare_barriers() {
  sync_state = barrier_state = 0;
  membarrier_ready(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
                   MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, &sync_state);
  membarrier_ready(MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, &barrier_state);
}

void sync_cores() {
  if (membarrier_ready(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
                       MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, &sync_state))
    raw_syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
}

void barrier_all() {
  if (membarrier_ready(MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, &barrier_state))
    raw_syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
  else
    sleep_ns(20000000); // no membarrier (seccomp): longer than any store stays in a buffer
}

SignalsBlocked::SignalsBlocked() {
  uint64_t all = ~0ull;
  raw_syscall(SYS_rt_sigprocmask, SIG_SETMASK, address(&all), address(&old), sizeof old);
}
SignalsBlocked::~SignalsBlocked() {
  raw_syscall(SYS_rt_sigprocmask, SIG_SETMASK, address(&old), 0, sizeof old);
}

} // namespace luge::sys
