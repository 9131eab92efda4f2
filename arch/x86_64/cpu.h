// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the runtime needs of the processor besides patching: the clock, raw
// system calls (errno of the traced program must not change), zeroing without
// libc, and which vector registers exist. Vol. 2 of the Intel SDM; syscall(2).
#pragma once

#include <cpuid.h>
#include <cstddef>
#include <cstdint>

namespace luge::arch {

inline uint64_t read_clock() {
  uint32_t low, high;
  asm volatile("rdtsc" : "=a"(low), "=d"(high));
  return static_cast<uint64_t>(high) << 32 | low;
}

inline void cpu_relax() { asm volatile("pause"); }

inline uintptr_t thread_pointer() {
  uintptr_t pointer;
  asm("mov %%fs:0, %0" : "=r"(pointer));
  return pointer;
}

inline long raw_syscall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                        long f = 0) {
  long result;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

// Valgrind's client requests (a sequence that does nothing on a processor). Its manual, 3.1, "The client request
// mechanism".
inline uint64_t ask_valgrind(uint64_t what, uint64_t first = 0, uint64_t second = 0) {
  uint64_t request[6] = {what, first, second, 0, 0, 0}, result = 0;
  asm volatile("rolq $3, %%rdi\n rolq $13, %%rdi\n rolq $61, %%rdi\n rolq $51, %%rdi\n xchgq %%rbx, %%rbx"
               : "+d"(result)
               : "a"(request)
               : "cc", "memory");
  return result;
}
// Code that it has translated was changed.
inline void discard_translations(uintptr_t begin, uintptr_t size) { ask_valgrind(0x1002, begin, size); }
inline bool on_valgrind() { return ask_valgrind(0x1001) != 0; }

inline void zero_words(void *at, size_t words) {
  asm volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(0L) : "memory");
}

// Adds to a counter of this thread in one instruction: a signal handler that
// runs in between finds either the old or the new value.
inline uint64_t add_uninterrupted(uint64_t *counter, uint64_t add) {
  asm volatile("xadd %0, %1" : "+r"(add), "+m"(*counter) : : "memory");
  return add;
}

inline bool replace_uninterrupted(uint64_t *counter, uint64_t expected, uint64_t desired) {
  bool done;
  asm volatile("cmpxchg %3, %1" : "=@ccz"(done), "+m"(*counter), "+a"(expected)
               : "r"(desired) : "memory");
  return done;
}

inline bool replace_uninterrupted(uint8_t *at, uint8_t expected, uint8_t desired) {
  bool done;
  asm volatile("cmpxchg %3, %1" : "=@ccz"(done), "+m"(*at), "+a"(expected) : "q"(desired) : "memory");
  return done;
}

// 0: SSE, 1: AVX, 2: AVX-512. As the operating system enabled them (XCR0).
inline int vector_class() {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
    return 0;
  unsigned low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if ((low & 0xe6) == 0xe6)
    return 2;
  return (low & 0x6) == 0x6 ? 1 : 0;
}

} // namespace luge::arch
