// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// struct ftrace_regs: argument registers at the entry of a traced function, as
// luge_ops_entry saves them (frame.def; vector arguments stand behind it).
#pragma once

#include <cstddef>
#include <cstdint>

struct ftrace_regs {
  uint64_t rdi, rsi, rdx, rcx, r8, r9, rax, r10, rsp, rip, rbp, pad;
};

namespace luge::arch {

#define THREAD_FIELD(name, offset)
#define REGS_FIELD(name, offset) static_assert(offsetof(ftrace_regs, name) == offset);
#include "arch/x86_64/frame.def"
#undef THREAD_FIELD
#undef REGS_FIELD

// The n-th integer argument: six in registers, then the caller's stack above the return address.
inline uint64_t argument(const ftrace_regs &r, unsigned n) {
  const uint64_t *in_registers[] = {&r.rdi, &r.rsi, &r.rdx, &r.rcx, &r.r8, &r.r9};
  if (n < 6)
    return *in_registers[n];
  return reinterpret_cast<const uint64_t *>(r.rsp)[n - 6 + 1];
}
inline uint64_t stack_pointer(const ftrace_regs &r) { return r.rsp; }
inline void set_instruction_pointer(ftrace_regs &r, uint64_t ip) { r.rip = ip; }
inline uint64_t instruction_pointer(const ftrace_regs &r) { return r.rip; }

} // namespace luge::arch
