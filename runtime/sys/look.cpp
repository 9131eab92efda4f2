// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Looking at a thread that knows nothing of it. Of one that sleeps /proc tells the stack pointer (syscall(5) of proc).
// Of one that computes nobody does: it must be stopped, and only another process may stop it. So one is made that
// shares memory, like the leak checkers of sanitizers do it: no signal is sent, the thread's mask does not
// matter, and the program's waitpid() does not find it, since it ends without a signal (clone(2), __WCLONE).
//
// ptrace(2): PTRACE_SEIZE does nothing to the thread; PTRACE_INTERRUPT stops it at the next return to user mode. A
// sleeping thread would leave its system call for that, and epoll_wait() and some others then fail with EINTR
// (signal(7)); so only one that runs is interrupted, which is asked directly before.
//
// Whatever goes wrong (a debugger is attached, the process is not dumpable, no more processes) means that nothing is
// known. A seccomp filter may end the process for a call that it does not know. Where the program has made one itself
// this is not tried; where it was started under one, as in containers, a child with memory of its own finds out first.
#include "runtime/sys/look.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "arch/current/cpu.h"
#include "arch/current/stopped.h"

namespace luge::sys {

using arch::raw_syscall;

namespace {

class File {
public:
  explicit File(const char *path) : fd(open_file(path, O_RDONLY)) {}
  ~File() {
    if (fd >= 0)
      close_file(static_cast<int>(fd));
  }
  File(const File &) = delete;
  long read(void *into, size_t size, uint64_t at = 0) const {
    return fd < 0 ? fd : read_at(static_cast<int>(fd), into, size, at);
  }

private:
  long fd;
};

// Not by number: /proc may be of another PID namespace.
class SyscallFile : public File {
public:
  explicit SyscallFile(uint32_t tid) : File(Path(tid).text) {}
  Sleep state() const;

private:
  struct Path {
    char text[64] = "/proc/self/task/";
    explicit Path(uint32_t tid) {
      char digits[12], *to = text + strlen(text);
      size_t n = 0;
      do
        digits[n++] = static_cast<char>('0' + tid % 10);
      while (tid /= 10);
      while (n)
        *to++ = digits[--n];
      memcpy(to, "/syscall", sizeof "/syscall");
    }
  };
};

// "running", or the system call's number and its six arguments, or -1; then stack and instruction pointer.
Sleep SyscallFile::state() const {
  char text[256];
  long size = read(text, sizeof text - 1);
  if (size <= 0)
    return {Sleep::Unknown, 0};
  if (text[0] == 'r')
    return {Sleep::Running, 0};
  text[size] = 0;
  const char *p = text;
  for (int fields = text[0] == '-' ? 1 : 7; fields && p; --fields)
    if ((p = strchr(p, ' ')))
      ++p;
  uintptr_t stack = 0;
  for (p = p && p[0] == '0' && p[1] == 'x' ? p + 2 : nullptr; p && *p && *p != ' '; ++p)
    stack = stack * 16 + static_cast<uintptr_t>(*p <= '9' ? *p - '0' : *p - 'a' + 10);
  return {stack ? Sleep::Asleep : Sleep::Unknown, stack};
}

} // namespace

Sleep asleep(uint32_t tid) { return SyscallFile(tid).state(); }

HandlerStack handler_stack(uintptr_t on, uintptr_t end) {
  constexpr uintptr_t kFurthest = 8 << 20; // larger alternate stacks are not known as such
  static unsigned char bytes[16 << 10];
  File memory("/proc/self/mem");
  end = end - on > kFurthest ? on + kFurthest : end;
  for (uintptr_t at = (on + 15) & ~uintptr_t{15}; at < end;) {
    long got = memory.read(bytes, sizeof bytes, at);
    if (got < 0 && got != -EIO)
      return {HandlerStack::Unknown, {}, false};
    if (got < static_cast<long>(arch::kSignalFrameBytes + 8))
      break; // the end of what is mapped
    auto last = static_cast<uintptr_t>(got) - arch::kSignalFrameBytes;
    for (uintptr_t i = 8; i <= last; i += 16) {
      stack_t s;
      if (!arch::is_signal_frame(bytes + i, at + i, &s))
        continue;
      Range range = {reinterpret_cast<uintptr_t>(s.ss_sp), s.ss_size};
      if (range.holds(on) && range.holds(at + i))
        return {HandlerStack::Found, range, (s.ss_flags & static_cast<int>(1u << 31)) != 0};
    }
    at += (last + 15) & ~uintptr_t{15};
  }
  return {HandlerStack::None, {}, false};
}

namespace {

constexpr unsigned kHelperFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED; // and no signal at its end
constexpr uint64_t kNap = 20'000;
constexpr int kPatience = 10'000; // naps: what is then not stopped is in the kernel, and stays there

// What the one that looks has asked for. A child that is forked off meanwhile has its own.
struct Looking {
  uint32_t pid, tid;
  const SyscallFile *state;
  bool (*decide)(void *, uintptr_t);
  void *argument;
  int go; // 1: may begin
  long error;
  bool decided;
} looking;

long trace(long request, uint32_t tid, long data) {
  return raw_syscall(SYS_ptrace, request, static_cast<long>(tid), 0, data);
}

// Of the helper. It may leave at any point: the kernel lets go of what it traces.
void look() {
  Looking &l = looking;
  for (int i = 0; !__atomic_load_n(&l.go, __ATOMIC_ACQUIRE); ++i)
    if (i == kPatience)
      return;
    else
      sleep_ns(kNap);
  if ((l.error = trace(PTRACE_SEIZE, l.tid, 0)) < 0)
    return; // from here on the number is that of one thread; is it the one?
  if (!thread_exists(l.pid, l.tid) || l.state->state().state != Sleep::Running ||
      trace(PTRACE_INTERRUPT, l.tid, 0) < 0)
    return;
  int status = 0;
  long who = 0;
  for (int i = 0; i < kPatience; ++i) {
    who = raw_syscall(SYS_wait4, static_cast<long>(l.tid), reinterpret_cast<long>(&status), __WALL | WNOHANG, 0);
    if (who)
      break;
    sleep_ns(kNap);
  }
  if (who <= 0 || !WIFSTOPPED(status))
    return;
  if (uintptr_t stack = arch::stopped_stack_pointer(static_cast<long>(l.tid)))
    l.decided = l.decide(l.argument, stack);
  bool ours = status >> 16 == PTRACE_EVENT_STOP; // else it was about to get a signal, and gets it
  trace(PTRACE_DETACH, l.tid, ours ? 0 : WSTOPSIG(status));
}

void helper(void *) {
  look();
  raw_syscall(SYS_exit, 0);
}

// Of this thread, from /proc; -1: the kernel has no such line, -2: one cannot know.
long status_number(const char *key) {
  const size_t overlap = strlen(key) + 12; // and a number's digits
  char text[1024];
  File status("/proc/thread-self/status");
  for (uint64_t at = 0;;) {
    long size = status.read(text, sizeof text - 1, at);
    if (size < static_cast<long>(overlap))
      return at ? -1 : -2;
    text[size] = 0;
    const char *digit = strstr(text, key);
    if (digit && strlen(digit) >= overlap) {
      long number = 0;
      for (digit += strlen(key); *digit >= '0' && *digit <= '9'; ++digit)
        number = number * 10 + (*digit - '0');
      return number;
    }
    at += static_cast<uint64_t>(size) - overlap + 1;
  }
}
constexpr char kMode[] = "\nSeccomp:\t", kFilters[] = "\nSeccomp_filters:\t";
long filters_at_start;

void try_out(void *) {
  raw_syscall(SYS_prctl, PR_SET_DUMPABLE, 0); // in case it is killed: that is no crash
  long nobody = 0x7fffffff;
  raw_syscall(SYS_exit, raw_syscall(SYS_ptrace, PTRACE_SEIZE, nobody, 0, 0) != -ESRCH);
}

// Runs it to its end. Its signals are blocked: it must never run a handler of the program.
int run_child(unsigned flags, void (*what)(void *), bool permit) {
  alignas(64) static unsigned char stack[16 << 10];
  SignalsBlocked blocked;
  looking.go = 0;
  long child = arch::clone_onto(flags, stack + sizeof stack, what, nullptr);
  if (child < 0)
    return -1;
  if (permit)
    raw_syscall(SYS_prctl, PR_SET_PTRACER, child); // one that the program has given before is lost
  __atomic_store_n(&looking.go, 1, __ATOMIC_RELEASE);
  int status = -1;
  while (raw_syscall(SYS_wait4, child, reinterpret_cast<long>(&status), __WALL, 0) == -EINTR) {
  }
  if (permit)
    raw_syscall(SYS_prctl, PR_SET_PTRACER, 0);
  return status;
}

bool filters_allow() {
  long mode = status_number(kMode);
  if (mode == 0 || mode == -1)
    return true;
  if (filters_at_start <= 0 || status_number(kFilters) != filters_at_start)
    return false;
  static int state;
  if (!state)
    state = run_child(0, try_out, false) == 0 ? 1 : -1;
  return state == 1;
}

// Yama's mode in which a child may look at its parent only if that has said so (PR_SET_PTRACER).
bool wants_permission() {
  char scope = 0;
  return File("/proc/sys/kernel/yama/ptrace_scope").read(&scope, 1) == 1 && scope == '1';
}

} // namespace

void note_filters() {
  filters_at_start = raw_syscall(SYS_prctl, PR_GET_SECCOMP) ? status_number(kFilters) : 0;
}

bool look_at_running(uint32_t pid, uint32_t tid, bool (*decide)(void *, uintptr_t), void *argument) {
  if (arch::on_valgrind() || !filters_allow()) // valgrind ends a program that calls clone() like this
    return false;
  SyscallFile state(tid);
  looking = {pid, tid, &state, decide, argument, 0, 0, false};
  run_child(kHelperFlags, helper, false);
  if (looking.error == -EPERM && wants_permission())
    run_child(kHelperFlags, helper, true);
  return looking.decided;
}

} // namespace luge::sys
