/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Luge's function hooks: the Linux kernel's ftrace API for ordinary programs,
 * names and meanings the kernel's (include/linux/ftrace.h), for functions that
 * carry a Luge sled with a stub.
 *
 * Errors are negative errno values. Functions here may be called from any
 * thread, not from signal handlers and not from a callback; each returns when
 * its effect is complete (code patched and visible to every thread).
 *
 * Objects that are loaded later (dlopen) are matched against the filters that
 * are in force when they come.
 */
#ifndef LUGE_FTRACE_H
#define LUGE_FTRACE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ftrace_ops;
struct ftrace_regs;

/*
 * Called at the entry of a traced function, on its thread, before the first
 * instruction of its body. ip: the function's address. parent_ip: its return
 * address. fregs: its argument registers, valid during the call only. The
 * callback may use any register and any instruction; errno is its own business.
 * Traced functions that it calls do not call back (the recursion guard is per
 * thread). It must return (no longjmp, no exception) and must be safe wherever
 * the traced function is called, signal handlers included.
 */
typedef void (*ftrace_func_t)(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
                              struct ftrace_regs *fregs);

enum {
  FTRACE_OPS_FL_ENABLED = 1 << 0, /* set while registered; read only */
};

/*
 * One user of function hooks. Owned by the caller; must stay valid and
 * unmoved from register_ftrace_function() or ftrace_set_filter() until
 * unregister_ftrace_function() and ftrace_free_filter() have returned.
 * Zero-initialise; then set func.
 */
struct ftrace_ops {
  ftrace_func_t func;
  unsigned long flags;  /* FTRACE_OPS_FL_* */
  void *private_data;   /* the caller's */
  void *luge_internal;  /* the runtime's: leave zero */
};

/*
 * Switches ops on for the functions its filters select (all where no filter is
 * set). 0; -EINVAL: no func; -EBUSY: registered already; -ENOSPC: 62 users are
 * registered; -EPERM: the process forbids changing its code, or the kill switch
 * has tripped (the reason was printed on standard error).
 */
int register_ftrace_function(struct ftrace_ops *ops);

/*
 * Switches ops off. When it returns no thread is in ops->func on behalf of
 * ops, and none will be: what it uses may be freed. 0; -ENOENT: not registered.
 */
int unregister_ftrace_function(struct ftrace_ops *ops);

/*
 * Adds a glob (sled/glob.h: * ? [a-z]; matched against the mangled name, the
 * demangled name, and the qualified name without parameters) to the functions
 * that ops sees, or does not see. buf: len bytes; len 0 with reset drops all.
 * reset: forget earlier ones first. Takes effect at once if ops is registered.
 * 0; -ENOENT: no function known now matches (the filter is kept for objects
 * that come later); -ENOMEM; -EPERM as above.
 */
int ftrace_set_filter(struct ftrace_ops *ops, const char *buf, int len, int reset);
int ftrace_set_notrace(struct ftrace_ops *ops, const char *buf, int len, int reset);

/*
 * Adds (remove = 0) or takes away (remove = 1) the one function at address ip.
 * 0; -EINVAL: no sled belongs to ip; -ENOMEM.
 */
int ftrace_set_filter_ip(struct ftrace_ops *ops, unsigned long ip, int remove, int reset);

/* Forgets the filters of an unregistered ops and frees what the runtime holds for it. */
void ftrace_free_filter(struct ftrace_ops *ops);

/* Of the traced call; callable in callbacks only. n-th integer argument of the
 * psABI, from 0; beyond the registers it is read from the stack. */
unsigned long ftrace_regs_get_argument(struct ftrace_regs *fregs, unsigned int n);
unsigned long ftrace_regs_get_instruction_pointer(struct ftrace_regs *fregs);
unsigned long ftrace_regs_get_stack_pointer(struct ftrace_regs *fregs);

/*
 * Luge's own. Number of functions with a sled that can be switched, in all
 * loaded objects; and how many are switched on now.
 */
size_t luge_site_count(void);
size_t luge_sites_on(void);

/*
 * Starts or changes the built-in tracer: "function", "function_graph" or
 * "nop" (off), for the functions that match filter and not notrace (globs
 * separated by ';' or newline; null or "": all, none). Records into the session
 * that LUGE_SESSION or LUGE_FILE named at start-up. 0; -EINVAL: unknown tracer;
 * -ENOENT: no session, or nothing matches; -EPERM as above.
 */
int luge_set_tracer(const char *tracer, const char *filter, const char *notrace);

#ifdef __cplusplus
}
#endif
#endif
