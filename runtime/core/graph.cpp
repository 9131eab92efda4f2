// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The public API of entries and exits: fgraph_ops, and fprobe on top of it.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arch/current/regs.h"
#include "luge/fprobe.h"
#include "runtime/core/ops.h"

using namespace luge;

namespace {

int register_graph(fgraph_ops *g, unsigned long *nmissed) {
  User *u = make_user(&g->ops);
  if (!u)
    return -ENOMEM;
  if (u->bit)
    return -EBUSY;
  u->func = nullptr;
  u->graph = g;
  u->nmissed = nmissed;
  u->kind = UserKind::Graph;
  return register_user(*u);
}

int unregister_graph(fgraph_ops *g) {
  User *u = user_of(&g->ops);
  if (!u || !u->bit || u->kind != UserKind::Graph)
    return -ENOENT;
  unregister_user(*u);
  return 0;
}

} // namespace

LUGE_API int register_ftrace_graph(fgraph_ops *gops) {
  return locked_api(gops && (gops->entryfunc || gops->retfunc), [&] {
    return register_graph(gops, &gops->nmissed);
  });
}

LUGE_API int unregister_ftrace_graph(fgraph_ops *gops) {
  return locked_api(gops, [&] { return unregister_graph(gops); });
}

LUGE_API void *fgraph_reserve_data(int idx, int size_bytes) {
  bool valid = idx >= 0 && size_bytes >= 0;
  return valid ? reserve_data(static_cast<unsigned>(idx), static_cast<uint32_t>(size_bytes)) : nullptr;
}

LUGE_API void *fgraph_retrieve_data(int idx, int *size_bytes) {
  return idx < 0 ? nullptr : retrieve_data(static_cast<unsigned>(idx), size_bytes);
}

// ---- fprobe

namespace {

fprobe *probe_of(fgraph_ops *g) { return static_cast<fprobe *>(g->private_data); }

// Behind the return address, which the exit does not know any more, lies the probe's data.
int probe_entry(ftrace_graph_ent *entry, fgraph_ops *g, ftrace_regs *regs) {
  fprobe *fp = probe_of(g);
  if (fprobe_disabled(fp))
    return 0;
  void *data = nullptr;
  if (fp->exit_handler) {
    auto bytes = static_cast<int>(fp->entry_data_size);
    data = bytes ? fgraph_reserve_data(g->idx, bytes) : nullptr;
    if (bytes && !data)
      return 0; // counted
  }
  int declined = fp->entry_handler
                     ? fp->entry_handler(fp, entry->func, ftrace_regs_get_return_address(regs), regs, data)
                     : 0;
  return fp->exit_handler && !declined;
}

void probe_exit(ftrace_graph_ret *exit, fgraph_ops *g, ftrace_regs *regs) {
  fprobe *fp = probe_of(g);
  if (!fprobe_disabled(fp))
    fp->exit_handler(fp, exit->func, ftrace_regs_get_return_address(regs), regs, fgraph_retrieve_data(g->idx, nullptr));
}

int begin_probe(fprobe *fp) {
  if (!fp || (!fp->entry_handler && !fp->exit_handler) || fp->entry_data_size > FGRAPH_MAX_DATA_SIZE)
    return -EINVAL;
  if (inside_callback())
    return -EDEADLK;
  if (fp->gops.ops.flags & FTRACE_OPS_FL_ENABLED)
    return -EEXIST;
  fp->gops = fgraph_ops();
  fp->gops.entryfunc = probe_entry;
  fp->gops.retfunc = fp->exit_handler ? probe_exit : nullptr;
  fp->gops.private_data = fp;
  return 0;
}

// With the filters set; e: whether that went well.
int finish_probe(fprobe *fp, int e) {
  if (!e)
    e = register_graph(&fp->gops, &fp->nmissed);
  if (e)
    free_user(&fp->gops.ops);
  return e;
}

int set_patterns(fprobe *fp, Filter User::*which, const char *patterns) {
  User *u = make_user(&fp->gops.ops);
  return u ? change_patterns(*u, which, patterns, true) : -ENOMEM;
}

} // namespace

LUGE_API int register_fprobe(fprobe *fp, const char *filter, const char *notfilter) {
  if (!filter)
    return -EINVAL;
  if (int e = begin_probe(fp))
    return e;
  Locked locked;
  int e = set_patterns(fp, &User::filter, filter);
  if (!e && notfilter && (e = set_patterns(fp, &User::notrace, notfilter)) == -ENOENT)
    e = 0;
  return finish_probe(fp, e);
}

LUGE_API int register_fprobe_ips(fprobe *fp, unsigned long *addrs, int num) {
  if (!addrs || num <= 0)
    return -EINVAL;
  if (int e = begin_probe(fp))
    return e;
  Locked locked;
  User *u = make_user(&fp->gops.ops);
  return finish_probe(fp, u ? change_addresses(*u, addrs, static_cast<size_t>(num), false, true) : -ENOMEM);
}

LUGE_API int register_fprobe_syms(fprobe *fp, const char **syms, int num) {
  if (!syms || num <= 0)
    return -EINVAL;
  if (int e = begin_probe(fp))
    return e;
  Locked locked;
  User *u = make_user(&fp->gops.ops);
  int e = u ? 0 : -ENOMEM;
  for (int i = 0; i < num && !e; ++i)
    e = change_patterns(*u, &User::filter, syms[i], i == 0);
  return finish_probe(fp, e);
}

LUGE_API int unregister_fprobe(fprobe *fp) {
  return locked_api(fp, [&] {
    if (!(fp->gops.ops.flags & FTRACE_OPS_FL_ENABLED) || unregister_graph(&fp->gops))
      return -EINVAL;
    free_user(&fp->gops.ops);
    return 0;
  });
}

LUGE_API int fprobe_is_registered(fprobe *fp) { return fp && fp->gops.ops.flags & FTRACE_OPS_FL_ENABLED; }
