// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Under seccomp filters a thread that computes is looked at only where that cannot end the process: not if the program
// has made a filter itself; if it was started under one that kills for ptrace(), not either, and nothing of that is
// seen; if under one that lets it through, it is looked at as ever.
// RUN: %compile_c && %t own && %t killing && %t harmless
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "torture.h"

static jmp_buf back;
static int jumping, ready, stop;

NOINLINE static long victim(long x) { OPAQUE(); return x + 1; }
UNTRACED static void callback(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  if (jumping)
    longjmp(back, 1);
  (void)ip, (void)parent, (void)op, (void)regs;
}
UNTRACED static void *thread(void *arg) {
  jumping = 1;
  if (!setjmp(back))
    victim(1);
  jumping = 0;
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
  }
  return arg;
}
UNTRACED static void *stops_it(void *arg) {
  usleep(200000);
  __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
  return arg;
}

UNTRACED static int filter(unsigned call, unsigned answer) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, answer),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

UNTRACED static void wait_for_it(int is_seen, int own) {
  struct ftrace_ops ops = {.func = callback};
  pthread_t t, other;
  EXPECT(ftrace_set_filter(&ops, "victim*", 7, 1) == 0);
  EXPECT(register_ftrace_function(&ops) == 0);
  pthread_create(&t, NULL, thread, NULL);
  while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
    usleep(100);
  if (!is_seen)
    pthread_create(&other, NULL, stops_it, NULL);
  if (own) // of this thread: not even a process is made
    EXPECT(filter(SYS_ptrace, SECCOMP_RET_KILL_PROCESS) == 0 && filter(SYS_clone, SECCOMP_RET_KILL_PROCESS) == 0);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  EXPECT(__atomic_load_n(&stop, __ATOMIC_ACQUIRE) == !is_seen);
  EXPECT(waitpid(-1, NULL, __WALL) == -1 && errno == ECHILD);
  __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
  pthread_join(t, NULL);
  if (!is_seen)
    pthread_join(other, NULL);
}

TORTURE(0, OWN_USERS) {}
UNTRACED int torture_setup(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  int harmless = !strcmp(what, "harmless"), own = !strcmp(what, "own");
  alarm(20);
  victim(1);
  if (!own && argc == 2) {
    EXPECT(filter(harmless ? SYS_swapon : SYS_ptrace, SECCOMP_RET_KILL_PROCESS) == 0);
    execl("/proc/self/exe", argv[0], what, "filtered", NULL);
    EXPECT(!"exec");
  }
  wait_for_it(harmless, own);
  return torture_status();
}
