/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* many MODE COUNT CALLS: COUNT threads or processes that each call leaf() CALLS times. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

volatile int sink;
static long calls;

__attribute__((noipa)) int leaf(int n) { return n * 3 + 1; }

__attribute__((noipa)) void work(void) {
  for (long i = 0; i < calls; i++)
    sink = leaf((int)i);
}

static void *run(void *unused) {
  work();
  return unused;
}

__attribute__((noipa)) void threads(int count) {
  pthread_t id[256];
  for (int i = 0; i < count; i++)
    pthread_create(id + i, 0, run, 0);
  for (int i = 0; i < count; i++)
    pthread_join(id[i], 0);
}

__attribute__((noipa)) void processes(int count, void (*end)(int)) {
  for (int i = 0; i < count; i++)
    if (fork() == 0) {
      work();
      end(0);
    }
  while (wait(0) > 0)
    ;
}

__attribute__((no_instrument_function)) static void in_order(int signal) {
  (void)signal;
  (void)!write(1, "in order\n", 9);
  _exit(0);
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  int count = argc > 2 ? atoi(argv[2]) : 0;
  calls = argc > 3 ? atol(argv[3]) : 0;
  if (!strcmp(mode, "threads"))
    threads(count);
  else if (!strcmp(mode, "exit"))
    processes(count, exit);
  else if (!strcmp(mode, "_exit"))
    processes(count, _exit);
  else if (!strcmp(mode, "killed")) {
    threads(count);
    raise(SIGKILL);
  } else if (!strcmp(mode, "status"))
    return count;
  else if (!strcmp(mode, "wait")) {
    signal(SIGTERM, in_order);
    pause();
  } else if (!strcmp(mode, "leave")) {
    if (fork() == 0) {
      work();
      sleep(3);
      _exit(0);
    }
    work();
    usleep(200000);
  } else if (!strcmp(mode, "exec")) {
    work();
    if (count)
      execl("/proc/self/exe", argv[0], "exec", "0", argv[3], (char *)0);
  } else
    for (int i = 1; i < argc; i++)
      puts(argv[i]);
  return 0;
}
