// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Filters: globs, regular expressions, taking away, objects (also those that come later), addresses in
// numbers, replacement while threads run, threads, PERMANENT, STUB, the switch, counts, what is known of functions.
// RUN: %luge_cxx -O2 -I%source/runtime/include %s -o %t -pthread -ldl
// RUN: %luge_cxx -O2 -fPIC -shared -DOBJECT -I%source/runtime/include %s -o %t.libother.so.1
// RUN: %t %t.libother.so.1 | %check
// ALL: 0 failures
#include <luge/ftrace.h>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "Inputs/check.h"

#define NOINLINE __attribute__((noinline))
static volatile long sink;
#ifdef OBJECT
extern "C" NOINLINE long far_away(long x) { sink = x; return x + 1; }
extern "C" NOINLINE long alpha_far(long x) { sink = x; return far_away(x) + 1; }
#else
extern "C" {
NOINLINE long alpha(long x) { sink = x; return x + 1; }
NOINLINE long alphabet(long x) { sink = x; return x + 2; }
NOINLINE long beta(long x) { sink = x; return x + 3; }
}
namespace space {
struct Thing {
  NOINLINE long get(long x) { sink = x; return x + 4; }
};
namespace {
NOINLINE long hidden(long x) { sink = x; return x + 5; }
} // namespace
} // namespace space

// The compiler does not see that calls change what callbacks in this file write.
NOINLINE static long all() {
  space::Thing thing;
  long sum = alpha(1) + alphabet(1) + beta(1) + thing.get(1) + space::hidden(1);
  asm volatile("" ::: "memory");
  return sum;
}

static std::vector<unsigned long> seen;
static void note(unsigned long ip, unsigned long, ftrace_ops *, ftrace_regs *) { seen.push_back(ip); }
static int filter(ftrace_ops *ops, const char *text, int reset = 1) {
  return ftrace_set_filter(ops, text, static_cast<int>(strlen(text)), reset);
}
// What of the five is seen with this filter: "abBgh" in part.
static std::string with(const char *text, const char *notrace = nullptr) {
  ftrace_ops ops = {};
  ops.func = note;
  EXPECT(filter(&ops, text) == 0);
  if (notrace)
    EXPECT(ftrace_set_notrace(&ops, notrace, static_cast<int>(strlen(notrace)), 1) == 0);
  seen.clear();
  EXPECT(register_ftrace_function(&ops) == 0);
  long sum = all();
  EXPECT(sum == 20 && unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
  std::string out;
  for (unsigned long ip : seen)
    out += ip == reinterpret_cast<unsigned long>(alpha)      ? 'a'
           : ip == reinterpret_cast<unsigned long>(alphabet) ? 'A'
           : ip == reinterpret_cast<unsigned long>(beta)     ? 'b'
           : out.find('g') == std::string::npos && out.find('h') == std::string::npos && seen.size() > 1 ? 'g'
                                                                                                        : 'h';
  return out;
}

static void patterns() {
  EXPECT(with("alpha") == "a" && with("alpha*") == "aA" && with("alpha;beta") == "ab");
  EXPECT(with("*;!alpha*;!all;!main") .find('a') == std::string::npos);
  EXPECT(with("alpha*\n!alphabet") == "a" && with("alpha*;!alpha*;alpha") == "a");
  EXPECT(with("/^alpha(bet)?$/") == "aA" && with("/^(alpha|beta)$/;!/eta/") == "a");
  EXPECT(with("alpha*", "*bet") == "a" && with("space::Thing::get;space::hidden") == "gh");
  EXPECT(with("alpha;beta:mod:filters*") == "ab" && with("alpha;beta:mod:!filters*;alphabet") == "aA");
  ftrace_ops ops = {};
  EXPECT(filter(&ops, "/(/") == -EINVAL && filter(&ops, "alpha:mod:") == -EINVAL && filter(&ops, "!") == -EINVAL);
  EXPECT(filter(&ops, "nothing_of_this_name") == -ENOENT);
  ops.func = note;
  EXPECT(register_ftrace_function(&ops) == 0); // a filter that selects nothing traces nothing
  seen.clear();
  all();
  EXPECT(seen.empty());
  EXPECT(ftrace_set_filter(&ops, nullptr, 0, 1) == 0); // without one, everything
  all();
  EXPECT(seen.size() >= 5);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
}

static long (*load(const char *path, const char *name, void **handle))(long) {
  *handle = dlopen(path, RTLD_NOW);
  EXPECT(*handle);
  return reinterpret_cast<long (*)(long)>(dlsym(*handle, name));
}
static void objects(const char *path) {
  ftrace_ops ops = {};
  ops.func = note;
  EXPECT(filter(&ops, "*:mod:*libother") == -ENOENT); // not there yet
  EXPECT(register_ftrace_function(&ops) == 0);
  seen.clear();
  all();
  EXPECT(seen.empty());
  for (int round = 0; round < 3; ++round) {
    void *handle;
    auto *f = load(path, "alpha_far", &handle);
    seen.clear();
    EXPECT(f(1) == 3 && seen.size() == 2);
    EXPECT(filter(&ops, "alpha*:mod:*libother;beta") == 0 && f(1) == 3 && beta(1) == 4 && seen.size() == 4);
    EXPECT(filter(&ops, "*:mod:*libother") == 0);
    dlclose(handle);
  }
  EXPECT(luge_sites_on() == 0 && unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
}

static void addresses() {
  ftrace_ops ops = {};
  ops.func = note;
  unsigned long ips[] = {reinterpret_cast<unsigned long>(alpha), reinterpret_cast<unsigned long>(beta)}, bad[] = {ips[0], 4711};
  EXPECT(ftrace_set_filter_ips(&ops, bad, 2, 0, 1) == -EINVAL);
  EXPECT(ftrace_set_filter_ips(&ops, ips, 2, 0, 1) == 0 && register_ftrace_function(&ops) == 0);
  seen.clear();
  all();
  EXPECT(seen.size() == 2);
  EXPECT(ftrace_set_filter_ip(&ops, ips[1], 1, 0) == 0);
  all();
  EXPECT(seen.size() == 3);
  EXPECT(ftrace_set_filter_ip(&ops, ips[0], 1, 0) == 0); // none is left: nothing, not everything
  all();
  EXPECT(seen.size() == 3 && luge_sites_on() == 0);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
  EXPECT(ftrace_location(ips[0]) == ips[0] && ftrace_location(ips[0] + 4) == ips[0] && ftrace_location(1) == 0);
}

// alpha is in every filter that follows another, so no call of it may be missed; beta in none.
static volatile bool stop;
static long alphas, betas, called;
static void count(unsigned long ip, unsigned long, ftrace_ops *, ftrace_regs *) {
  __atomic_fetch_add(ip == reinterpret_cast<unsigned long>(alpha) ? &alphas : &betas, 1, __ATOMIC_RELAXED);
}
__attribute__((no_instrument_function)) static void *caller(void *p) {
  while (!stop) {
    sink = alpha(1);
    ++called;
    for (int i = 0; i < 10; ++i)
      sink = beta(1);
  }
  return p;
}
static void replacement() {
  ftrace_ops ops = {};
  ops.func = count;
  EXPECT(filter(&ops, "alpha") == 0 && register_ftrace_function(&ops) == 0);
  pthread_t t;
  pthread_create(&t, nullptr, caller, nullptr);
  for (int i = 0; i < 500; ++i)
    EXPECT(filter(&ops, i % 2 ? "alpha" : "alpha*;!alphabet;!beta") == 0);
  stop = true;
  pthread_join(t, nullptr);
  EXPECT(alphas == called && betas == 0 && called > 0);
  EXPECT(unregister_ftrace_function(&ops) == 0);
  ftrace_free_filter(&ops);
}

static void *one_call(void *p) {
  sink = alpha(2);
  return p;
}
static void flags() {
  ftrace_ops ops = {}, stub = {}, counter = {};
  ops.func = note;
  EXPECT(filter(&ops, "alpha") == 0 && filter(&stub, "alpha") == 0 && filter(&counter, "alpha;beta") == 0);
  int self = static_cast<int>(syscall(SYS_gettid)), nobody = 1;
  EXPECT(luge_ops_set_tids(&ops, &nobody, 1) == 0 && ops.flags & FTRACE_OPS_FL_PID);
  EXPECT(register_ftrace_function(&ops) == 0);
  seen.clear();
  alpha(1);
  EXPECT(seen.empty());
  EXPECT(luge_ops_set_tids(&ops, &self, 1) == 0);
  alpha(1);
  pthread_t t;
  pthread_create(&t, nullptr, one_call, nullptr);
  pthread_join(t, nullptr);
  EXPECT(seen.size() == 1);
  EXPECT(luge_ops_set_tids(&ops, nullptr, 0) == 0 && !(ops.flags & FTRACE_OPS_FL_PID));
  alpha(1);
  EXPECT(seen.size() == 2);
  stub.flags = FTRACE_OPS_FL_STUB | FTRACE_OPS_FL_PERMANENT;
  counter.flags = LUGE_OPS_FL_COUNT;
  EXPECT(register_ftrace_function(&stub) == 0 && register_ftrace_function(&counter) == 0);
  luge_clear_hits();
  for (int i = 0; i < 100; ++i) {
    alpha(1);
    beta(1), beta(2);
  }
  dyn_ftrace rec;
  auto at = reinterpret_cast<unsigned long>(alpha);
  EXPECT(luge_ftrace_rec(at, &rec) == 0 && ftrace_rec_count(&rec) == 3 && rec.flags & FTRACE_FL_ENABLED);
  EXPECT(luge_hits(at) == 100 && luge_hits(reinterpret_cast<unsigned long>(beta)) == 200 && seen.size() == 102);
  EXPECT(luge_set_ftrace_enabled(0) == -EBUSY);
  EXPECT(unregister_ftrace_function(&stub) == 0 && stub.flags & FTRACE_OPS_FL_DELETED);
  EXPECT(luge_set_ftrace_enabled(0) == 0 && luge_sites_on() == 0);
  alpha(1);
  EXPECT(seen.size() == 102 && luge_hits(at) == 100);
  EXPECT(register_ftrace_function(&stub) == -EBUSY); // PERMANENT, and everything is off
  EXPECT(luge_set_ftrace_enabled(1) == 0);
  alpha(1);
  EXPECT(seen.size() == 103 && luge_hits(at) == 101);
  EXPECT(unregister_ftrace_function(&ops) == 0 && unregister_ftrace_function(&counter) == 0);
  size_t records = 0;
  EXPECT(luge_for_each_rec([](const dyn_ftrace *r, void *n) { ++*static_cast<size_t *>(n); return r->ip == 0 ? 1 : 0; },
                           &records) == 0 && records == luge_site_count());
  for (ftrace_ops *o : {&ops, &stub, &counter})
    ftrace_free_filter(o);
}

static int from_callback;
static void calls_api(unsigned long, unsigned long, ftrace_ops *op, ftrace_regs *) {
  from_callback = unregister_ftrace_function(op);
}
static void guards() {
  ftrace_ops ops = {};
  ops.func = calls_api;
  EXPECT(filter(&ops, "alpha") == 0 && register_ftrace_function(&ops) == 0);
  alpha(1);
  EXPECT(from_callback == -EDEADLK && unregister_ftrace_function(&ops) == 0);
  int bit = ftrace_test_recursion_trylock(0, 0);
  EXPECT(bit >= 0 && ftrace_test_recursion_trylock(0, 0) < 0);
  ftrace_test_recursion_unlock(bit);
  EXPECT((bit = ftrace_test_recursion_trylock(0, 0)) >= 0);
  ftrace_test_recursion_unlock(bit);
  ftrace_free_filter(&ops);
}

int main(int, char **argv) {
  patterns();
  objects(argv[1]);
  addresses();
  replacement();
  flags();
  guards();
  printf("%d failures\n", failures);
  return failures != 0;
}
#endif
