// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a compiler's instrumentation calls, for targets that have no run-time library here or one that does not
// start under qemu-user: compiled without plugin and instrumentation, linked with the program under test.
// -DASAN, -DTSAN: the checks of memory that are calls (no shadow memory); the program dies at its end if none was
// made or, of TSAN, if an entry has no exit. -DCOVERAGE: sums up the counters of clang's --coverage and
// -fprofile-*generate, and prints the sum, so that a program with other counts has another output. -DXRAY: what
// s390x's switched-off XRay sleds name.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uintptr_t word;
static unsigned long checks, depth;
static void check(word address) {
  if (address < 4096)
    _exit(90);
  ++checks;
}

#if defined ASAN || defined TSAN
static void *copies(void *to, const void *from, word n) { return check((word)to), memmove(to, from, n); }
static void *sets(void *to, int byte, word n) { return check((word)to), memset(to, byte, n); }
__attribute__((destructor)) static void at_end(void) {
  if (!checks || depth)
    _exit(91);
}
#endif

#ifdef ASAN
#define ACCESS(size)                                                                                         \
  void __asan_load##size(word address) { check(address); }                                                   \
  void __asan_store##size(word address) { check(address); }
ACCESS(1) ACCESS(2) ACCESS(4) ACCESS(8) ACCESS(16)
void __asan_loadN(word address, word n) { check(address + 0 * n); }
void __asan_storeN(word address, word n) { check(address + 0 * n); }
void __asan_init(void) {}
void __asan_version_mismatch_check_v8(void) {}
void __asan_handle_no_return(void) {}
void *__asan_memcpy(void *to, const void *from, word n) { return copies(to, from, n); }
void *__asan_memmove(void *to, const void *from, word n) { return copies(to, from, n); }
void *__asan_memset(void *to, int byte, word n) { return sets(to, byte, n); }
#endif

#ifdef TSAN
#define ACCESS(size)                                                                                         \
  void __tsan_read##size(void *address) { check((word)address); }                                            \
  void __tsan_write##size(void *address) { check((word)address); }                                           \
  void __tsan_unaligned_read##size(void *address) { check((word)address); }                                  \
  void __tsan_unaligned_write##size(void *address) { check((word)address); }                                 \
  void __tsan_volatile_read##size(void *address) { check((word)address); }                                   \
  void __tsan_volatile_write##size(void *address) { check((word)address); }
ACCESS(1) ACCESS(2) ACCESS(4) ACCESS(8) ACCESS(16)
void __tsan_read_range(void *address, word n) { check((word)address + 0 * n); }
void __tsan_write_range(void *address, word n) { check((word)address + 0 * n); }
void *__tsan_memcpy(void *to, const void *from, word n) { return copies(to, from, n); }
void *__tsan_memmove(void *to, const void *from, word n) { return copies(to, from, n); }
void *__tsan_memset(void *to, int byte, word n) { return sets(to, byte, n); }
void __tsan_init(void) {}
void __tsan_func_entry(void *caller) { check((word)caller), ++depth; }
void __tsan_func_exit(void) { --depth; }
#endif

#ifdef XRAY
void __xray_FunctionEntry(void) {}
void __xray_FunctionExit(void) {}
#endif

#ifdef COVERAGE
static uint64_t total;
static void (*written)(void);
void llvm_gcov_init(void (*write_out)(void), void (*reset)(void)) { (void)reset, written = write_out; }
void llvm_gcda_start_file(const char *name, uint32_t version, uint32_t checksum) {
  (void)version, (void)checksum, check((word)name);
}
void llvm_gcda_emit_function(uint32_t ident, uint32_t checksum, uint32_t cfg_checksum) {
  (void)ident, (void)checksum, (void)cfg_checksum;
}
void llvm_gcda_emit_arcs(uint32_t n, uint64_t *counters) {
  while (n--)
    total += counters[n];
}
void llvm_gcda_summary_info(void) {}
void llvm_gcda_end_file(void) {}
int __llvm_profile_runtime;
void __llvm_profile_instrument_target(uint64_t value, void *data, uint32_t index) { (void)value, (void)data, (void)index; }
void __llvm_profile_instrument_memop(uint64_t value, void *data, uint32_t index) { (void)value, (void)data, (void)index; }
extern uint64_t __start___llvm_prf_cnts[] __attribute__((weak, visibility("hidden")));
extern uint64_t __stop___llvm_prf_cnts[] __attribute__((weak, visibility("hidden")));
__attribute__((destructor)) static void at_end(void) {
  if (written)
    written();
  for (uint64_t *p = __start___llvm_prf_cnts; p < __stop___llvm_prf_cnts; ++p)
    total += *p;
  printf("counted %llu\n", (unsigned long long)total);
  fflush(stdout);
  if (total < 100)
    _exit(92);
}
#endif
