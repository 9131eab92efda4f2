// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Everything at once for a while: three threads register and unregister users of all kinds with changing filters,
// others throw, recurse, load and unload an object, fork, start and end threads. Counts what was done; no result is
// wrong, no callback comes after its user is gone, memory does not grow. `stress SECONDS OBJECT`.
// RUN: %luge_cxx -std=c++20 -O2 -DOBJECT -fPIC -shared %s -o %t.so
// RUN: %luge_cxx -std=c++20 -O2 -I%source/runtime/include %s -o %t -pthread -ldl
// RUN: env LUGE_FILE=%t.luge LUGE_BUFFER=65536 LUGE_TRACER=nop %t 5 %t.so | %check
// ALL: 0 wrong, 0 late callbacks, memory kept
#ifdef OBJECT
static volatile long sink;
__attribute__((noinline)) static long inner(long x) { sink = x; return x + 1; }
extern "C" __attribute__((noinline)) long object_function(long x) { return inner(x) + inner(x + 1); }
#else
#include <dlfcn.h>
#include <luge/ftrace.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <iterator>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#define NOINLINE __attribute__((noinline))
#define OPAQUE() __asm__ volatile("" ::: "memory")
static std::atomic<bool> stop;
static std::atomic<long> wrong, late, done[6];
static const char *const what[] = {"toggles", "throws", "loads", "forks", "threads", "calls"};
enum { Toggles, Throws, Loads, Forks, Threads, Calls };
static const char *object;

NOINLINE static long leaf(long x) { OPAQUE(); return x + 1; }
NOINLINE static long many(long a, long b, long c, long d, long e, long f, double g, long h, long i) {
  OPAQUE();
  return a + b + c + d + e + f + static_cast<long>(g) + h + leaf(i);
}
NOINLINE static long recurse(long n) { OPAQUE(); return n ? 1 + recurse(n - 1) : 0; }
NOINLINE static void thrower(long n) {
  if (n == 0)
    throw std::runtime_error("thrown");
  thrower(n - 1);
  OPAQUE();
}
NOINLINE static bool caught() {
  try {
    thrower(6);
  } catch (const std::runtime_error &e) {
    return !strcmp(e.what(), "thrown");
  }
  return false;
}

// ---- Users

struct Toggler {
  std::atomic<bool> live{false};
  ftrace_ops ops = {};
  fgraph_ops graph = {};
};
static void called(Toggler *t) { late += !t->live; }
static void on_call(unsigned long, unsigned long, ftrace_ops *op, ftrace_regs *) { called(static_cast<Toggler *>(op->private_data)); }
static int on_entry(ftrace_graph_ent *e, fgraph_ops *g, ftrace_regs *) {
  called(static_cast<Toggler *>(g->private_data));
  auto *data = static_cast<unsigned long *>(fgraph_reserve_data(g->idx, 16));
  if (data)
    data[1] = e->func;
  return data != nullptr;
}
static void on_exit(ftrace_graph_ret *r, fgraph_ops *g, ftrace_regs *) {
  called(static_cast<Toggler *>(g->private_data));
  auto *data = static_cast<unsigned long *>(fgraph_retrieve_data(g->idx, nullptr));
  wrong += !data || data[1] != r->func;
}

static void toggler(unsigned seed) {
  static const char *const filters[] = {"*", "leaf*;many*", "thrower*", "inner*;object_function", "nothing_like_it", "/^(re|ca)/"};
  std::minstd_rand random(seed);
  auto t = std::make_unique<Toggler>();
  t->ops.private_data = t->graph.private_data = t.get();
  t->ops.func = on_call, t->graph.entryfunc = on_entry, t->graph.retfunc = on_exit;
  for (; !stop; ++done[Toggles]) {
    bool graph = random() % 2;
    ftrace_ops *ops = graph ? &t->graph.ops : &t->ops;
    const char *filter = filters[random() % std::size(filters)];
    ftrace_set_filter(ops, filter, static_cast<int>(strlen(filter)), 1);
    if (!graph)
      t->ops.flags = random() % 2 ? FTRACE_OPS_FL_SAVE_REGS : random() % 4 ? 0 : LUGE_OPS_FL_COUNT;
    t->live = true;
    wrong += (graph ? register_ftrace_graph(&t->graph) : register_ftrace_function(ops)) != 0;
    if (random() % 4 == 0) // another filter while it is registered
      ftrace_set_filter(ops, filters[0], 1, 1);
    wrong += (graph ? unregister_ftrace_graph(&t->graph) : unregister_ftrace_function(ops)) != 0;
    t->live = false;
    ftrace_free_filter(ops);
    if (random() % 16 == 0) {
      luge_set_tracer(random() % 2 ? "function" : "function_graph", nullptr, nullptr);
      luge_set_tracer("nop", nullptr, nullptr);
    }
  }
}

// ---- Work

NOINLINE static void loads() {
  void *handle = dlopen(object, RTLD_NOW);
  auto f = handle ? reinterpret_cast<long (*)(long)>(dlsym(handle, "object_function")) : nullptr;
  for (long i = 0; i < 20; ++i)
    wrong += !f || f(i) != 2 * i + 3;
  wrong += !handle || dlclose(handle) != 0;
  ++done[Loads];
}
NOINLINE static void forks() {
  int status = 1;
  pid_t pid = fork();
  if (!pid)
    _exit(recurse(20) == 20 && caught() ? 7 : 1);
  wrong += waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 7;
  ++done[Forks];
}
NOINLINE static void works(bool processes) {
  for (long i = 0; !stop; ++i) {
    wrong += many(1, 2, 3, 4, 5, 6, 7, 8, 9) != 46 || recurse(30) != 30;
    done[Calls] += 33;
    wrong += !caught();
    ++done[Throws];
    if (i % 64 == 0)
      loads();
    if (i % 256 == 0) {
      std::thread([] { wrong += recurse(10) != 10; }).join();
      ++done[Threads];
    }
    if (processes && i % 256 == 0)
      forks();
  }
}

static long resident() { // KiB, without what is shared (the session's rings)
  long size = 0, pages = 0, shared = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (!f || fscanf(f, "%ld %ld %ld", &size, &pages, &shared) != 3)
    abort();
  fclose(f);
  return (pages - shared) * 4;
}

int main(int, char **argv) {
  long seconds = atol(argv[1]);
  object = argv[2];
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 3; ++i)
    threads.emplace_back(toggler, i + 1);
  for (int i = 0; i < 2; ++i)
    threads.emplace_back(works, i == 0);
  auto begin = std::chrono::steady_clock::now(), now = begin;
  long loads_then = 0, before = 0;
  for (; now - begin < std::chrono::seconds(seconds); now = std::chrono::steady_clock::now()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (!before && done[Loads] > 50) // tables, buffers and arenas are there
      before = resident(), loads_then = done[Loads];
  }
  long grown = before ? resident() - before : 0, loaded = done[Loads] - loads_then;
  stop = true;
  for (auto &t : threads)
    t.join();
  for (int i = 0; i < 6; ++i)
    printf("%s %ld\n", what[i], done[i].load());
  size_t sites = luge_sites_on();
  // A leak of 64 bytes a load, or 16 a registration, would show after some thousand of them.
  bool kept = grown < 1024 + loaded / 16;
  printf("resident: %ld KiB more after %ld loads; malloc holds %zu bytes; %zu sites on\n", grown, loaded, mallinfo2().uordblks, sites);
  printf("%ld wrong, %ld late callbacks, memory %s\n", wrong.load(), late.load(), kept ? "kept" : "GROWN");
  return wrong || late || sites || !kept;
}
#endif
