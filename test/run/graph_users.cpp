// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fgraph_ops: several users with data of their own, declining, depth, exceptions, tail calls, stack
// arguments, recursion, functions that can have no exit, changing what is returned; fprobe on top of it.
// RUN: %luge_cxx -O2 -I%source/runtime/include %s -o %t -pthread
// RUN: env LUGE_FILE=%t.luge LUGE_TRACER=nop %t | %check
// ALL: 0 failures
#include <luge/fprobe.h>

#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline))
volatile long sink;
extern "C" {
NOINLINE long leaf(long x) { sink = x; return x * 3; }
NOINLINE long middle(long x) { return leaf(x) + leaf(x + 1) + 1; }
NOINLINE long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  sink = a;
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i;
}
NOINLINE long tail_end(long x) { return x * 2; }
NOINLINE long tail_begin(long x) { sink = x; return tail_end(x + 1); }
NOINLINE long tail_nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  sink = a;
  return nine(i, h, g, f, e, d, c, b, a);
}
NOINLINE long even(long n);
NOINLINE long odd(long n) { return n == 0 ? 0 : even(n - 1); }
NOINLINE long even(long n) { return n == 0 ? 1 : odd(n - 1); }
NOINLINE void thrower(long n) {
  sink = n;
  if (n == 0)
    throw std::runtime_error("thrown");
  thrower(n - 1);
  sink = n;
}
NOINLINE long sum(int n, ...) {
  va_list list;
  va_start(list, n);
  long s = 0;
  for (int i = 0; i < n; ++i)
    s += va_arg(list, long);
  va_end(list);
  return s;
}
}

struct Seen {
  long entries, exits, unwound, tails, data, bad;
  int deepest;
  unsigned long last_value, every; // every: an exit for each n-th call alone
};
static int enter(ftrace_graph_ent *e, fgraph_ops *g, ftrace_regs *regs) {
  auto *s = static_cast<Seen *>(g->private_data);
  ++s->entries;
  s->deepest = e->depth > s->deepest ? e->depth : s->deepest;
  if (s->every > 1 && s->entries % static_cast<long>(s->every))
    return 0;
  long size = s->entries % 3 ? 24 : FGRAPH_MAX_DATA_SIZE;
  auto *d = static_cast<unsigned long *>(fgraph_reserve_data(g->idx, static_cast<int>(size)));
  if (!d)
    return 1;
  s->bad += d[0] != 0 || d[2] != 0;
  d[0] = e->func;
  d[1] = reinterpret_cast<unsigned long>(g);
  d[2] = ftrace_regs_get_argument(regs, 0);
  ++s->data;
  return 1;
}
static void leave(ftrace_graph_ret *r, fgraph_ops *g, ftrace_regs *regs) {
  auto *s = static_cast<Seen *>(g->private_data);
  s->exits += r->how == LUGE_GRAPH_RETURN;
  s->unwound += r->how == LUGE_GRAPH_UNWOUND;
  s->tails += r->how == LUGE_GRAPH_TAIL;
  if (r->how == LUGE_GRAPH_RETURN) {
    s->last_value = r->retval;
    s->bad += r->retval != ftrace_regs_get_return_value(regs);
  }
  int size = 0;
  auto *d = static_cast<unsigned long *>(fgraph_retrieve_data(g->idx, &size));
  if (d) {
    --s->data;
    s->bad += d[0] != r->func || d[1] != reinterpret_cast<unsigned long>(g) || (size != 24 && size != FGRAPH_MAX_DATA_SIZE);
  }
}
static fgraph_ops user(Seen *s, const char *filter) {
  fgraph_ops g = {};
  g.entryfunc = enter;
  g.retfunc = leave;
  g.private_data = s;
  EXPECT(ftrace_set_filter(&g.ops, filter, static_cast<int>(strlen(filter)), 1) == 0);
  return g;
}
static void finish(fgraph_ops *g, Seen *s) {
  EXPECT(unregister_ftrace_graph(g) == 0);
  EXPECT(unregister_ftrace_graph(g) == -ENOENT);
  ftrace_free_filter(&g->ops);
  EXPECT(s->bad == 0 && s->data == 0);
}

static const char *const kAll = "leaf;middle;nine;tail_*;even;odd;thrower;sum";

static void one_user() {
  Seen s = {};
  fgraph_ops g = user(&s, kAll);
  EXPECT(register_ftrace_graph(&g) == 0 && register_ftrace_graph(&g) == -EBUSY);
  EXPECT(middle(5) == 34);
  EXPECT(s.entries == 3 && s.exits == 3 && s.deepest == 1 && s.last_value == 34);
  EXPECT(nine(1, 2, 3, 4, 5, 6, 7, 8, 9) == 285);
  EXPECT(s.exits == 4 && s.last_value == 285);
  EXPECT(tail_begin(4) == 10);
  EXPECT(s.entries == 6 && s.exits + s.tails == 6);
  EXPECT(tail_nine(9, 8, 7, 6, 5, 4, 3, 2, 1) == 285);
  EXPECT(s.exits + s.tails == 8);
  EXPECT(even(1000001) == 0); // on a stack that does not grow
  EXPECT(s.entries == s.exits + s.tails && s.entries == 8 + 1000002);
  try {
    thrower(4);
    EXPECT(false);
  } catch (const std::runtime_error &) {
  }
  EXPECT(s.unwound == 5 && s.entries == s.exits + s.tails + s.unwound);
  unsigned long missed = g.nmissed;
  EXPECT(sum(9, 1l, 2l, 3l, 4l, 5l, 6l, 7l, 8l, 9l) == 45 && g.nmissed == missed + 1);
  finish(&g, &s);
}

// Two users, an ops, and the built-in tracer on the same calls.
static void many_users() {
  Seen a = {}, b = {};
  b.every = 3;
  static long calls;
  calls = 0;
  fgraph_ops one = user(&a, kAll), two = user(&b, "leaf;middle;nine;even;odd;thrower");
  ftrace_ops ops = {};
  ops.func = [](unsigned long, unsigned long, ftrace_ops *, ftrace_regs *) { ++calls; };
  EXPECT(register_ftrace_graph(&one) == 0);
  EXPECT(register_ftrace_graph(&two) == 0 && one.idx != two.idx);
  EXPECT(ftrace_set_filter(&ops, "leaf;nine;odd", 13, 1) == 0 && register_ftrace_function(&ops) == 0);
  for (const char *tracer : {"nop", "function", "function_graph", "nop"}) {
    EXPECT(luge_set_tracer(tracer, kAll, nullptr) == 0);
    for (long i = 0; i < 1000; ++i) {
      EXPECT(middle(i) == 6 * i + 4);
      EXPECT(nine(1, 2, 3, 4, 5, 6, 7, 8, 9) == 285 && tail_nine(9, 8, 7, 6, 5, 4, 3, 2, 1) == 285);
      EXPECT(tail_begin(i) == 2 * i + 2 && even(9) == 0);
      try {
        thrower(3);
      } catch (const std::runtime_error &) {
      }
    }
  }
  EXPECT(a.entries == 4 * 22000 && a.entries == a.exits + a.tails + a.unwound);
  EXPECT(a.unwound == 16000 && calls == 4 * 9000);
  EXPECT(b.exits + b.tails + b.unwound == b.entries / 3);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
  finish(&two, &b);
  EXPECT(middle(1) == 10);
  finish(&one, &a);
  EXPECT(luge_sites_on() == 0);
}

// A user that goes while a call is open, and another that takes its place: the call is neither's at its exit.
static volatile bool inside, go;
extern "C" NOINLINE long waits(long x) {
  inside = true;
  while (!go)
    std::this_thread::yield();
  return leaf(x);
}
static void going() {
  Seen s = {}, other = {};
  fgraph_ops first = user(&s, "leaf;waits"), second = user(&other, "leaf;waits");
  EXPECT(register_ftrace_graph(&first) == 0);
  std::thread t([] { sink = waits(3); });
  while (!inside)
    std::this_thread::yield();
  EXPECT(s.entries == 1 && s.exits == 0);
  EXPECT(unregister_ftrace_graph(&first) == 0);
  EXPECT(register_ftrace_graph(&second) == 0 && second.idx == first.idx);
  go = true;
  t.join();
  EXPECT(s.entries == 1 && s.exits == 0 && other.entries == 1 && other.exits == 1);
  finish(&second, &other);
  ftrace_free_filter(&first.ops);
}

static int probe_in(fprobe *fp, unsigned long ip, unsigned long ret, ftrace_regs *regs, void *data) {
  auto *d = static_cast<unsigned long *>(data);
  d[0] = ip;
  d[1] = ret;
  d[2] = ftrace_regs_get_argument(regs, 0);
  (void)fp;
  return d[2] == 13; // no exit for that one
}
static long probe_exits, probe_bad;
static void probe_out(fprobe *fp, unsigned long ip, unsigned long ret, ftrace_regs *regs, void *data) {
  auto *d = static_cast<unsigned long *>(data);
  ++probe_exits;
  probe_bad += d[0] != ip || d[1] != ret || d[2] == 13;
  if (d[2] == 100)
    ftrace_regs_set_return_value(regs, 7);
  (void)fp;
}
static void probes() {
  fprobe fp = {};
  EXPECT(register_fprobe(&fp, "leaf", nullptr) == -EINVAL);
  fp.entry_handler = probe_in;
  fp.exit_handler = probe_out;
  fp.entry_data_size = 24;
  EXPECT(register_fprobe(&fp, "no_such_function_here", nullptr) == -ENOENT && !fprobe_is_registered(&fp));
  EXPECT(register_fprobe(&fp, "l*f;middle", "mid*") == 0 && fprobe_is_registered(&fp));
  EXPECT(register_fprobe(&fp, "leaf", nullptr) == -EEXIST);
  EXPECT(leaf(1) == 3 && leaf(13) == 39 && leaf(100) == 7 && middle(1) == 10);
  EXPECT(probe_exits == 4 && probe_bad == 0);
  disable_fprobe(&fp);
  EXPECT(leaf(100) == 300 && probe_exits == 4);
  enable_fprobe(&fp);
  EXPECT(unregister_fprobe(&fp) == 0 && unregister_fprobe(&fp) == -EINVAL);
  const char *names[] = {"leaf", "nine"};
  EXPECT(register_fprobe_syms(&fp, names, 2) == 0);
  EXPECT(leaf(2) == 6 && nine(1, 2, 3, 4, 5, 6, 7, 8, 9) == 285 && probe_exits == 6);
  EXPECT(unregister_fprobe(&fp) == 0);
  unsigned long ips[] = {reinterpret_cast<unsigned long>(middle)};
  EXPECT(register_fprobe_ips(&fp, ips, 1) == 0 && middle(2) == 16 && probe_exits == 7);
  EXPECT(unregister_fprobe(&fp) == 0 && fp.nmissed == 0 && luge_sites_on() == 0);
}

int main() {
  one_user();
  many_users();
  going();
  probes();
  printf("%d failures\n", failures);
  return failures != 0;
}
