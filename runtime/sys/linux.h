// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The only system calls of the runtime. None touches errno, takes a lock or
// allocates; all are safe in signal handlers. Results are negative errno values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace luge::sys {

long open_file(const char *path, int flags, int mode = 0);
long close_file(int fd);
long remove_file(const char *path);
long rename_file(const char *from, const char *to);
long read_at(int fd, void *buffer, size_t size, uint64_t offset);
long write_at(int fd, const void *buffer, size_t size, uint64_t offset);
long file_size(int fd);
long set_file_size(int fd, uint64_t size);
void *map(size_t size, int protection, int flags, int fd, uint64_t offset); // null on failure
void unmap(void *at, size_t size);
// Makes the pages present and private, as if each had been written to; a hint.
void populate(void *at, size_t size);
void use_large_pages(void *at, size_t size); // where the kernel can
long protect(void *at, size_t size, int protection);
// Its contents are zero in the child of a fork; where the kernel cannot, nothing happens.
void wipe_on_fork(void *at, size_t size);
long process_id();
long thread_id();
bool thread_exists(long pid, long tid);
void thread_name(char name[16]);
// A range of addresses; of a thread without an alternate signal stack: none.
struct Range {
  uintptr_t low = 0, size = 0;
  bool holds(uintptr_t at) const { return at - low < size; }
};
bool on_alternate_stack();
Range alternate_stack(); // the calling thread's, as the kernel has it now
// Whether all pages between can be read now. Not so at the guard pages that keep stacks apart.
bool readable(uintptr_t from, uintptr_t to);
void yield();
void sleep_ns(uint64_t ns);
void wake(uint32_t *word);
void prepare_barriers(); // of an address space, while it has one thread: later it takes 10-30 ms
// Core-serialising barrier over all threads of the process, where the kernel has one.
void sync_cores();
// Full memory barrier on every running thread of the process.
void barrier_all();

class SignalsBlocked {
public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked &) = delete;

private:
  uint64_t old;
};

} // namespace luge::sys
