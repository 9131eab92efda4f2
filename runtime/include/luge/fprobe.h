/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Probes at entry and exit of many functions: the kernel's fprobe
 * (include/linux/fprobe.h) on top of luge/ftrace.h, whose rules of threads,
 * errors and ownership hold here.
 */
#ifndef LUGE_FPROBE_H
#define LUGE_FPROBE_H

#include "luge/ftrace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fprobe;

/* Other than 0: no exit handler for this call. entry_data: entry_data_size bytes of this call, zeroed,
   or null where the probe has no exit handler. */
typedef int (*fprobe_entry_cb)(struct fprobe *fp, unsigned long entry_ip, unsigned long ret_ip,
                               struct ftrace_regs *regs, void *entry_data);
typedef void (*fprobe_exit_cb)(struct fprobe *fp, unsigned long entry_ip, unsigned long ret_ip,
                               struct ftrace_regs *regs, void *entry_data);

enum { FPROBE_FL_DISABLED = 1 };

/* Zero-initialise; then set handlers (at least one) and entry_data_size (<= FGRAPH_MAX_DATA_SIZE). */
struct fprobe {
  unsigned long nmissed; /* calls that got no handler, as fgraph_ops::nmissed */
  unsigned int flags;    /* FPROBE_FL_DISABLED: handlers are not called (disable_fprobe) */
  size_t entry_data_size;
  fprobe_entry_cb entry_handler;
  fprobe_exit_cb exit_handler;
  struct fgraph_ops gops; /* the runtime's: leave zero */
};

/* filter, notfilter: patterns of ftrace_set_filter(); notfilter may be null. 0; -EINVAL, -ENOENT, -EEXIST:
   registered already; else as register_ftrace_function(). */
int register_fprobe(struct fprobe *fp, const char *filter, const char *notfilter);
int register_fprobe_ips(struct fprobe *fp, unsigned long *addrs, int num);
int register_fprobe_syms(struct fprobe *fp, const char **syms, int num);
/* When it returns no handler runs or will run. 0; -EINVAL: not registered. */
int unregister_fprobe(struct fprobe *fp);
int fprobe_is_registered(struct fprobe *fp); /* 1, 0 */

static inline int fprobe_disabled(struct fprobe *fp) { return fp->flags & FPROBE_FL_DISABLED; }
static inline void disable_fprobe(struct fprobe *fp) { fp->flags |= FPROBE_FL_DISABLED; }
static inline void enable_fprobe(struct fprobe *fp) { fp->flags &= ~(unsigned)FPROBE_FL_DISABLED; }

#ifdef __cplusplus
}
#endif
#endif
