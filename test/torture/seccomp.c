// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A seccomp filter that answers EPERM to what the runtime uses: membarrier; mprotect; opening of files; two of
// them. What can be switched is, correctly; where nothing can be, registering says so and the program goes on.
// RUN: %compile_c && %users membarrier && %users mprotect && %users open && %t nothing 2>&1 | %check
// ALL: this process forbids changing its code
// ALL: 0 failures
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "torture.h"

NOINLINE static long leaf(long x) { OPAQUE(); return x * 2; }
NOINLINE static long work(long n) { return n ? leaf(n) + work(n - 1) : 0; }
NOINLINE static void *thread(void *arg) {
  for (int i = 0; i < 100; i++)
    EXPECT(work((long)arg) == (long)arg * ((long)arg + 1));
  return arg;
}
UNTRACED static void ignore(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs) {
  (void)ip, (void)parent, (void)op, (void)regs;
}

// mprotect: only where it makes code writable, as services' sandboxes have it.
UNTRACED static int deny(unsigned call, unsigned argument, unsigned bits) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * argument),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

UNTRACED int torture_setup(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  int failed = 0, nothing = !strcmp(what, "nothing");
  work(1);
  if (!strcmp(what, "membarrier"))
    failed = deny(SYS_membarrier, 0, ~0u);
  if (!strcmp(what, "mprotect") || nothing)
    failed |= deny(SYS_mprotect, 2, 4) | deny(SYS_pkey_mprotect, 2, 4);
  if (!strcmp(what, "open"))
    failed |= deny(SYS_openat, 2, 3); // for writing
  if (nothing) { // neither way to write code: nothing is switched, nothing breaks
    struct ftrace_ops ops = {.func = ignore};
    failed |= deny(SYS_openat, 2, 3);
    EXPECT(!failed);
    for (int i = 0; i < 3; i++) {
      EXPECT(register_ftrace_function(&ops) == -EPERM);
      EXPECT(luge_sites_on() == 0 && work(10) == 110);
      EXPECT(unregister_ftrace_function(&ops) == -ENOENT);
    }
    ftrace_free_filter(&ops);
    printf("%d failures\n", torture_status());
    return torture_status();
  }
  return failed ? 2 : -1;
}

TORTURE(60, 0) {
  pthread_t t[2];
  for (long i = 0; i < 2; i++)
    pthread_create(&t[i], NULL, thread, (void *)(20 + i));
  for (int i = 0; i < 2; i++)
    pthread_join(t[i], NULL);
  EXPECT(work(100) == 10100);
}
