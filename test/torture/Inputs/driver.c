/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * main() of every torture case (torture.h says what a case is). Compiled without
 * sleds. The users, and the thread that toggles them, are here; so is what a
 * process must be like afterwards.
 *
 * LUGE_FILE set: the built-in tracers come and go too, as a fourth user.
 * TORTURE_SCALE=n: n times as many rounds.
 */
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *torture_self;
static long failures, calls_left, cycles;
static int toggling, stop;
__attribute__((weak)) int torture_setup(int argc, char **argv) { return (void)argc, (void)argv, -1; }

#define ADD(counter, n) __atomic_fetch_add(&(counter), n, __ATOMIC_RELAXED)
#define GET(counter) __atomic_load_n(&(counter), __ATOMIC_ACQUIRE)

void torture_failed(const char *file, int line, const char *what) {
  int saved = errno;
  char text[512];
  if (ADD(failures, 1) < 20) {
    int n = snprintf(text, sizeof text, "%s:%d: failed: %s (process %d)\n", file, line, what, (int)getpid());
    if (write(2, text, (size_t)n) < 0)
      abort();
  }
  errno = saved;
}
int torture_status(void) { return GET(failures) != 0; }
void torture_left(long calls) { ADD(calls_left, calls); }

/* ---- The users */

enum { PLAIN, REGS, GRAPH, TRACER, USERS };
static struct user {
  int live; /* may be called: from before it is registered until unregistering has returned */
  long calls;
} users[USERS];
static long exits[3], no_data;

#define LOST "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "memory"
static void called(struct user *u) {
  EXPECT(GET(u->live));
  ADD(u->calls, 1);
}
long torture_calls(void) { return GET(users[PLAIN].calls) + GET(users[REGS].calls) + GET(users[GRAPH].calls); }

__attribute__((target("avx512f"))) static void lose_zmm(void) {
  __asm__ volatile(".irp n, 0, 1, 2, 3, 4, 5, 6, 7\n vpternlogd $255, %%zmm\\n, %%zmm\\n, %%zmm\\n\n .endr\n" ::: LOST);
}
__attribute__((target("avx"))) static void lose_ymm(void) { __asm__ volatile("vzeroall" ::: LOST); }

/* Loses whatever a function may lose, and uses the whole x87 stack, which a function finds empty. */
static void lose_registers(void) {
  double sum = 0;
  for (int i = 0; i < 8; i++)
    __asm__ volatile("fld1");
  for (int i = 0; i < 8; i++) {
    double one;
    __asm__ volatile("fstpl %0" : "=m"(one));
    sum += one;
  }
  EXPECT(sum == 8);
  if (__builtin_cpu_supports("avx512f"))
    lose_zmm();
  else if (__builtin_cpu_supports("avx"))
    lose_ymm();
  __asm__ volatile("xorl %%eax,%%eax\n xorl %%ecx,%%ecx\n xorl %%edx,%%edx\n xorl %%edi,%%edi\n xorl %%esi,%%esi\n"
                   "xorl %%r8d,%%r8d\n xorl %%r9d,%%r9d\n xorl %%r10d,%%r10d\n xorl %%r11d,%%r11d\n"
                   ::: "rax", "rcx", "rdx", "rdi", "rsi", "r8", "r9", "r10", "r11", LOST);
  errno = EXFULL;
}

static void plain(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *regs) {
  called(op->private_data);
  EXPECT(ftrace_regs_get_instruction_pointer(regs) == ip && parent_ip);
  lose_registers();
}

static void with_registers(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *regs) {
  called(op->private_data);
  EXPECT(ftrace_regs_get_stack_pointer(regs) % 16 == 8);
#ifndef TORTURE_NO_GRAPH
  EXPECT(ftrace_regs_get_return_address(regs) == parent_ip);
  EXPECT(luge_regs_set_argument(regs, 0, ftrace_regs_get_argument(regs, 0)) == 0);
#endif
  lose_registers();
  (void)ip, (void)parent_ip;
}

static struct ftrace_ops plain_ops = {.func = plain, .private_data = &users[PLAIN]};
static struct ftrace_ops regs_ops = {.func = with_registers, .flags = FTRACE_OPS_FL_SAVE_REGS,
                                     .private_data = &users[REGS]};

#ifndef TORTURE_NO_GRAPH
struct call_data { /* of one traced call */
  unsigned long func, self;
  int depth;
};

static int enters(struct ftrace_graph_ent *e, struct fgraph_ops *g, struct ftrace_regs *regs) {
  EXPECT(GET(users[GRAPH].live));
  EXPECT(e->func && e->depth >= 0);
  struct call_data *d = fgraph_reserve_data(g->idx, sizeof *d);
  if (!d)
    return ADD(no_data, 1), 0;
  EXPECT(!d->func && !d->self && !d->depth);
  *d = (struct call_data){e->func, ~(unsigned long)d, e->depth};
  called(&users[GRAPH]);
  lose_registers();
  return (void)regs, 1;
}

static void leaves(struct ftrace_graph_ret *r, struct fgraph_ops *g, struct ftrace_regs *regs) {
  EXPECT(GET(users[GRAPH].live));
  int size = 0;
  struct call_data *d = fgraph_retrieve_data(g->idx, &size);
  EXPECT(d && size >= (int)sizeof *d);
  EXPECT(d && d->func == r->func && d->self == ~(unsigned long)d && d->depth == r->depth);
  EXPECT(r->how <= LUGE_GRAPH_TAIL);
  ADD(exits[r->how % 3], 1);
  if (d)
    d->self = 0; /* a second exit would show */
  lose_registers();
  (void)regs;
}
static struct fgraph_ops graph_ops = {.entryfunc = enters, .retfunc = leaves};
#endif

static int have(int which) {
#ifdef TORTURE_NO_GRAPH
  if (which == GRAPH)
    return 0;
#endif
  return which != TRACER || getenv("LUGE_FILE");
}

static int change(int which, int on, const char *tracer) {
  switch (which) {
  case PLAIN: return on ? register_ftrace_function(&plain_ops) : unregister_ftrace_function(&plain_ops);
  case REGS: return on ? register_ftrace_function(&regs_ops) : unregister_ftrace_function(&regs_ops);
#ifndef TORTURE_NO_GRAPH
  case GRAPH: return on ? register_ftrace_graph(&graph_ops) : unregister_ftrace_graph(&graph_ops);
#endif
  default: return luge_set_tracer(on ? tracer : "nop", NULL, NULL);
  }
}

static void set(int which, int on) {
  static int turn;
  struct user *u = &users[which];
  if (!have(which) || u->live == on)
    return;
  if (on)
    __atomic_store_n(&u->live, 1, __ATOMIC_SEQ_CST);
  EXPECT(change(which, on, turn++ % 2 ? "function" : "function_graph") == 0);
  if (!on)
    __atomic_store_n(&u->live, 0, __ATOMIC_SEQ_CST);
}

static void all_off(void) {
  for (int i = 0; i < USERS; i++)
    set(i, 0);
  EXPECT(torture_case.flags & OWN_USERS || luge_sites_on() == 0);
}

/* Every set of users in turn, one change at a time (Gray's code). */
static void *toggler(void *unused) {
  while (!GET(stop)) {
    for (int i = 1; i < 1 << USERS; i++)
      set(__builtin_ctz((unsigned)i), ((i ^ i >> 1) >> __builtin_ctz((unsigned)i)) & 1);
    all_off();
    ADD(cycles, 1);
  }
  return unused;
}

void torture_toggled(void) {
  for (long then = GET(cycles); GET(toggling) && GET(cycles) < then + 2;) /* one of them has begun after us */
    usleep(50); /* asleep: a callback that the body has left by longjmp is seen to be left (longjmp_then_busy.c) */
}

/* ---- What the process must be like afterwards */

struct state {
  unsigned long text;   /* of every object: a sum over its bytes */
  unsigned long mapped; /* what is executable, and where */
  size_t sites;
  int descriptors;
  sigset_t mask;
  struct {
    void (*handler)(int);
    int flags;
  } action[65];
  unsigned mxcsr;
  unsigned short x87;
};

static unsigned long mix(unsigned long sum, const void *bytes, size_t size) {
  const unsigned char *p = bytes;
  for (size_t i = 0; i < size; i++)
    sum = (sum ^ p[i]) * 1099511628211ul;
  return sum;
}

static int add_text(struct dl_phdr_info *info, size_t size, void *data) {
  struct state *s = data;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *p = &info->dlpi_phdr[i];
    int own = !strstr(info->dlpi_name, "/lib/x86_64-linux-gnu/") && *info->dlpi_name != 'l'; /* not the C library, not linux-vdso */
    if (own && p->p_type == PT_LOAD && (p->p_flags & (PF_X | PF_R)) == (PF_X | PF_R))
      s->text = mix(s->text, (void *)(info->dlpi_addr + p->p_vaddr), p->p_memsz);
  }
  return (void)size, 0;
}

static void observe(struct state *s) {
  memset(s, 0, sizeof *s);
  dl_iterate_phdr(add_text, s);
  s->sites = luge_site_count();
  FILE *f = fopen("/proc/self/maps", "r");
  char line[512];
  while (f && fgets(line, sizeof line, f))
    if (strchr(line, ' ')[3] == 'x' || strchr(line, ' ')[2] == 'x')
      s->mapped = mix(s->mapped, line, (size_t)(strchr(line, ' ') - line) + 5);
  if (f)
    fclose(f);
  for (int fd = 0; fd < 1024; fd++)
    s->descriptors += fcntl(fd, F_GETFD) >= 0;
  pthread_sigmask(SIG_SETMASK, NULL, &s->mask);
  struct sigaction a;
  for (int n = 1; n < 65; n++)
    if (sigaction(n, NULL, &a) == 0) {
      s->action[n].handler = a.sa_handler;
      s->action[n].flags = a.sa_flags;
    }
  __asm__ volatile("stmxcsr %0\n fnstcw %1" : "=m"(s->mxcsr), "=m"(s->x87));
}

static void compare(const struct state *a, const struct state *b) {
  if (!(torture_case.flags & KEEPS_OBJECTS)) {
    EXPECT(a->text == b->text);
    EXPECT(a->mapped == b->mapped);
    EXPECT(a->sites == b->sites);
  }
  EXPECT(a->descriptors == b->descriptors);
  EXPECT(!memcmp(&a->mask, &b->mask, sizeof a->mask));
  EXPECT(!memcmp(a->action, b->action, sizeof a->action));
  EXPECT((a->mxcsr & ~0x3fu) == (b->mxcsr & ~0x3fu) && a->x87 == b->x87);
}

/* ---- The phases */

static void balanced(void) {
#ifndef TORTURE_NO_GRAPH
  long left = users[GRAPH].calls - exits[0] - exits[1] - exits[2];
  int ok = torture_case.flags & LEAVES_CALLS ? left >= 0 : left == calls_left;
  if (!ok)
    fprintf(stderr, "%ld calls, exits: %ld returns, %ld unwound, %ld tail; %ld left, not %ld; %lu missed, %ld no data\n",
            users[GRAPH].calls, exits[0], exits[1], exits[2], left, calls_left, graph_ops.nmissed, no_data);
  EXPECT(ok);
  EXPECT(graph_ops.ops.flags & FTRACE_OPS_FL_ENABLED);
#endif
}

static void steady(unsigned set_of_users) {
  long before[USERS], missed = no_data;
  for (int i = 0; i < USERS; i++) {
    before[i] = users[i].calls;
    set(i, set_of_users >> i & 1);
  }
  users[GRAPH].calls = exits[0] = exits[1] = exits[2] = calls_left = 0;
  before[GRAPH] = 0;
  torture_body();
  for (int i = 0; i < TRACER; i++)
    if (have(i) && set_of_users >> i & 1)
      EXPECT(GET(users[i].calls) > before[i] || (i == GRAPH && graph_ops.nmissed)); /* gcc: TSan looks at return addresses */
  if (have(GRAPH) && set_of_users >> GRAPH & 1)
    balanced();
  EXPECT(no_data == missed);
  all_off();
}

int main(int argc, char **argv) {
  torture_self = argv[0];
  int status = torture_setup(argc, argv);
  if (status >= 0)
    return status;
  static struct state before, after;
  const char *scale = getenv("TORTURE_SCALE");
  long rounds = torture_case.rounds * (scale ? atol(scale) : 1);
  torture_body(); /* what the C library loads and allocates once is there from here on */
  observe(&before);
  for (unsigned set_of_users = 1; set_of_users < 1 << USERS; set_of_users++)
    if ((set_of_users & (set_of_users - 1)) == 0 || set_of_users == 7 || set_of_users == 15)
      steady(set_of_users);
  pthread_t t;
  sigset_t every, mask;
  sigfillset(&every);
  pthread_sigmask(SIG_BLOCK, &every, &mask); /* no signal is for that thread */
  pthread_create(&t, NULL, toggler, NULL);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  __atomic_store_n(&toggling, 1, __ATOMIC_RELEASE);
  for (long i = 0; i < rounds && !GET(failures); i++) {
    torture_body();
    torture_toggled();
  }
  __atomic_store_n(&toggling, 0, __ATOMIC_RELEASE);
  __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
  pthread_join(t, NULL);
  long calls = torture_calls();
  torture_body();
  EXPECT(torture_calls() == calls);
  luge_sites_on(); /* from up here: a guard that longjmp has left up is found out from above */
  observe(&after);
  compare(&before, &after);
  ftrace_free_filter(&plain_ops);
  ftrace_free_filter(&regs_ops);
  printf("%s: %ld rounds, %ld times on and off, %ld callbacks, %ld failures\n", argv[0], rounds, cycles, calls, failures);
  return torture_status();
}
