// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// struct ftrace_regs: the registers at the entry of a traced function, or its
// results at an exit, as the trampolines save them (frame.def; vector registers
// stand behind it). The trampolines load all but rsp, rbp and rflags from here again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arch/x86_64/patch.h"

struct ftrace_regs {
  uint64_t rdi, rsi, rdx, rcx, r8, r9, rax, r10, rsp;
  uint64_t body; // luge_one_entry's, as saved_errno
  uint64_t rip;
  uint32_t saved_errno;
  uint32_t all; // 1: those of the next line are there
  uint64_t rbx, r12, r13, r14, r15, rflags;
  uint64_t rbp;
};

namespace luge::arch {

#define REGS_FIELD(name, offset) static_assert(offsetof(ftrace_regs, name) == offset);
#define REGS_HIDDEN(name, offset) REGS_FIELD(name, offset)
#include "arch/current/frame.def"

inline constexpr unsigned kRegisterArguments = 6;

inline uint64_t *argument_register(ftrace_regs &r, unsigned n) {
  uint64_t *in_registers[] = {&r.rdi, &r.rsi, &r.rdx, &r.rcx, &r.r8, &r.r9};
  return n < kRegisterArguments ? in_registers[n] : nullptr;
}
// The n-th integer argument: six in registers, then the caller's stack above the return address.
inline uint64_t argument(ftrace_regs &r, unsigned n) {
  if (const uint64_t *in = argument_register(r, n))
    return *in;
  return reinterpret_cast<const uint64_t *>(r.rsp)[n - kRegisterArguments + 1];
}
inline uint64_t stack_pointer(const ftrace_regs &r) { return r.rsp; }
inline uint64_t frame_pointer(const ftrace_regs &r) { return r.rbp; }
inline uint64_t return_address(const ftrace_regs &r) { return *reinterpret_cast<const uint64_t *>(r.rsp); }
inline void set_instruction_pointer(ftrace_regs &r, uint64_t ip) { r.rip = ip; }
inline uint64_t instruction_pointer(const ftrace_regs &r) { return r.rip; }
inline uint64_t return_value(const ftrace_regs &r) { return r.rax; }
inline void set_return_value(ftrace_regs &r, uint64_t value) { r.rax = value; }
inline void return_at_once(ftrace_regs &r) { r.rip = reinterpret_cast<uint64_t>(luge_just_return); }

struct RegisterName {
  const char *name;
  int offset;
};
inline constexpr RegisterName kRegisterNames[] = {
#define REGS_FIELD(name, offset) {#name, offset},
#include "arch/current/frame.def"
};
// Whether the register of this name's offset was saved.
inline bool has_register(const ftrace_regs &r, int offset) {
  for (const RegisterName &named : kRegisterNames)
    if (named.offset == offset)
      return r.all || offset < static_cast<int>(offsetof(ftrace_regs, all)) ||
             offset == static_cast<int>(offsetof(ftrace_regs, rbp));
  return false;
}

} // namespace luge::arch
