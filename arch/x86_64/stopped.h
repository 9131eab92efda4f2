// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the runtime reads of a thread that does not run: its stack pointer, and the frames that the kernel has put
// on a stack for a signal's handler; and how it starts the process that looks (runtime/sys/look.cpp).
//
// A signal's frame (struct rt_sigframe of the kernel's arch/x86/include/asm/sigframe.h; System V psABI, AMD64
// supplement, 3.4.1 for the stack's alignment) stands 8 below a multiple of 16:
//   +0   where the handler returns to
//   +8   ucontext_t: flags, link (0), the alternate stack as it was registered, registers, mask
//   then siginfo_t, and directly above the floating point state, aligned to 64
// The registered alternate stack is so known from outside, which no other interface tells.
#pragma once

#include <elf.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <ucontext.h>

#include "arch/x86_64/cpu.h"

namespace luge::arch {

inline constexpr size_t kSignalFrameBytes = 8 + offsetof(ucontext_t, uc_mcontext) + sizeof(mcontext_t);

// Whether a signal's frame stands at `at`, where `bytes` were read: then *stack is the registered alternate stack.
// A ucontext_t that a program has made (getcontext) has no code segment, and its floating point state elsewhere.
inline bool is_signal_frame(const unsigned char *bytes, uintptr_t at, stack_t *stack) {
  mcontext_t registers;
  uint64_t flags, link;
  memcpy(&flags, bytes + 8 + offsetof(ucontext_t, uc_flags), sizeof flags);
  memcpy(&link, bytes + 8 + offsetof(ucontext_t, uc_link), sizeof link);
  if (at % 16 != 8 || flags > 7 || link)
    return false;
  memcpy(stack, bytes + 8 + offsetof(ucontext_t, uc_stack), sizeof *stack);
  memcpy(&registers, bytes + 8 + offsetof(ucontext_t, uc_mcontext), sizeof registers);
  constexpr uint16_t kUserCode = 0x33;
  auto state = reinterpret_cast<uintptr_t>(registers.fpregs);
  return static_cast<uint16_t>(registers.gregs[REG_CSGSFS]) == kUserCode && state % 64 == 0 && state > at &&
         state - at < kSignalFrameBytes + 512;
}

// Of a thread that the caller has stopped; 0: it has not.
inline uintptr_t stopped_stack_pointer(long tid) {
  user_regs_struct registers;
  iovec where = {&registers, sizeof registers};
  long e = raw_syscall(SYS_ptrace, PTRACE_GETREGSET, tid, NT_PRSTATUS, reinterpret_cast<long>(&where));
  return e < 0 ? 0 : registers.rsp;
}

// clone(): the new process calls entry(argument) on its own stack, and must not return from it.
inline long clone_onto(unsigned long flags, void *stack_top, void (*entry)(void *), void *argument) {
  long result;
  register void *r8 asm("r8") = argument;                    // these two the kernel leaves alone
  register void *r9 asm("r9") = reinterpret_cast<void *>(entry);
  register long r10 asm("r10") = 0;
  asm volatile("syscall\n\t"
               "test %%rax, %%rax\n\t"
               "jnz 1f\n\t"
               "xor %%ebp, %%ebp\n\t"
               "mov %%r8, %%rdi\n\t"
               "call *%%r9\n\t"
               "ud2\n"
               "1:"
               : "=a"(result)
               : "a"(static_cast<long>(SYS_clone)), "D"(flags), "S"(stack_top), "d"(0L), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

} // namespace luge::arch
