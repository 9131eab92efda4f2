/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Luge's function hooks: the Linux kernel's ftrace API for ordinary programs.
 * Names and meanings are the kernel's (include/linux/ftrace.h); docs/api.md
 * lists every item and each difference, docs/guarantees.md what may be relied
 * on. Probes with entry and exit handlers: luge/fprobe.h.
 *
 * Errors are negative errno values. Unless it says otherwise a function may be
 * called from any thread, not from a signal handler, and not from a callback
 * (-EDEADLK there); it returns when its effect is complete: code patched and
 * visible to every thread. Every struct belongs to the caller.
 *
 * -EPERM anywhere: the process forbids changing its code (the reason was
 * printed on standard error), or the kill switch has tripped.
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
 * callback may use any register and any instruction; errno is kept for the
 * program. It must be safe wherever the traced function is called, signal
 * handlers included. Traced functions that it calls do not call back (the
 * recursion guard is per thread). A callback that is left by longjmp or by an
 * exception leaves the traced call as well; both are allowed. It must not load
 * or close objects: the thread that does holds the loader's lock and waits.
 */
typedef void (*ftrace_func_t)(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
                              struct ftrace_regs *fregs);

/* ftrace_ops::flags. "Set by the user" before registering; the rest is the runtime's. */
enum {
  FTRACE_OPS_FL_ENABLED = 1 << 0,      /* registered */
  FTRACE_OPS_FL_DYNAMIC = 1 << 1,      /* ops lies in memory that may be freed: always true, always safe */
  FTRACE_OPS_FL_SAVE_REGS = 1 << 2,    /* user: all registers in fregs; they may be changed */
  FTRACE_OPS_FL_SAVE_REGS_IF_SUPPORTED = 1 << 3, /* user: the same, where the architecture can */
  FTRACE_OPS_FL_RECURSION = 1 << 4,    /* user: guard against recursion; here always in force */
  FTRACE_OPS_FL_STUB = 1 << 5,         /* user: registered and counted, func is never called */
  FTRACE_OPS_FL_INITIALIZED = 1 << 6,  /* the runtime holds filters for it */
  FTRACE_OPS_FL_DELETED = 1 << 7,      /* was registered, is not any more */
  FTRACE_OPS_FL_IPMODIFY = 1 << 13,    /* user: func may set another ip; one such user a function */
  FTRACE_OPS_FL_PID = 1 << 14,         /* only for the threads of luge_ops_set_tids() */
  FTRACE_OPS_FL_PERMANENT = 1 << 16,   /* user: luge_set_ftrace_enabled(0) is refused while registered */
  FTRACE_OPS_FL_DIRECT = 1 << 17,      /* registered by register_ftrace_direct() */
  LUGE_OPS_FL_COUNT = 1 << 24,         /* user: hits are counted and func, which may be null, is not called */
};

/*
 * One user of function hooks. Must stay valid and unmoved from the first call
 * that names it until unregister_ftrace_function() and ftrace_free_filter()
 * have returned. Zero-initialise; then set func.
 */
struct ftrace_ops {
  ftrace_func_t func;
  unsigned long flags; /* FTRACE_OPS_FL_* */
  void *private_data;  /* the caller's (the kernel's `private`) */
  void *luge_internal; /* the runtime's: leave zero */
};

/*
 * Switches ops on for the functions that its filters select (all where no
 * filter is set), also for those of objects that are loaded later. 0; -EINVAL:
 * no func; -EBUSY: registered already, or IPMODIFY or direct where another
 * has the function; -ENOMEM; -EPERM.
 */
int register_ftrace_function(struct ftrace_ops *ops);

/*
 * Switches ops off. When it returns no thread is in ops->func on behalf of
 * ops, and none will be: what it uses may be freed. 0; -ENOENT: not registered.
 */
int unregister_ftrace_function(struct ftrace_ops *ops);

/*
 * Filters. buf: len bytes, one or more patterns separated by ';' or newline:
 *   GLOB             * ? [a-z] \; against the mangled name, the demangled name,
 *                    and the qualified name without parameters
 *   /REGEX/          POSIX extended regular expression against the same names
 *   PATTERN:mod:DSO  only in objects whose path, file name, or name before
 *                    ".so" matches the glob DSO; `:mod:!DSO`: in the others
 *   !PATTERN         takes away what earlier patterns have added
 * reset: forget earlier ones in the same step; at no moment are functions
 * traced that neither the old nor the new filter selects. A filter that was
 * set and selects nothing traces nothing; with len 0 and reset the filter is
 * gone. Takes effect at once if ops is registered.
 * 0; -EINVAL: bad pattern; -ENOENT: no function known now matches (the filter
 * is kept for objects that come later); -EBUSY, -ENOMEM, -EPERM as above.
 */
int ftrace_set_filter(struct ftrace_ops *ops, const char *buf, int len, int reset);
int ftrace_set_notrace(struct ftrace_ops *ops, const char *buf, int len, int reset);

/*
 * Adds (remove = 0) or takes away (remove = 1) functions by address. All cnt
 * or none. 0; -EINVAL: an address is no function with a sled; -ENOMEM, -EBUSY, -EPERM.
 */
int ftrace_set_filter_ip(struct ftrace_ops *ops, unsigned long ip, int remove, int reset);
int ftrace_set_filter_ips(struct ftrace_ops *ops, unsigned long *ips, unsigned int cnt, int remove, int reset);

/* Forgets the filters of an unregistered ops and frees what the runtime holds for it. */
void ftrace_free_filter(struct ftrace_ops *ops);

/*
 * Limits ops to the threads with these ids (gettid) and sets FTRACE_OPS_FL_PID;
 * count 0: every thread, flag cleared. 0; -ENOMEM; -EINVAL.
 */
int luge_ops_set_tids(struct ftrace_ops *ops, const int *tids, unsigned int count);

/* ---- Direct calls ------------------------------------------------------ */

/*
 * The sled of the one or more functions that the filter of ops selects leads
 * straight to addr, no callback between. addr is either
 *   a function of the same type as the traced one, which replaces it and may
 *     call the original through luge_original(ip); or
 *   assembler that keeps every register but %r11 and the flags and goes on with
 *     mov 8(%r11), %r11; jmp *(%r11)      (x86-64: on entry %r11 names the site)
 * One direct user a function. ops->func is not used. A thread may still be in
 * the code at addr when unregister returns: as in the kernel, its memory is
 * the caller's to keep. 0; -EINVAL: no filter, no addr; -EBUSY; -ENOENT.
 */
int register_ftrace_direct(struct ftrace_ops *ops, unsigned long addr);
int modify_ftrace_direct(struct ftrace_ops *ops, unsigned long addr);
int unregister_ftrace_direct(struct ftrace_ops *ops, unsigned long addr, int free_filters);
/* The address that the function at ip is directed to; 0: none. */
unsigned long ftrace_find_rec_direct(unsigned long ip);
/* The function at ip without its sled: callable like the function itself, never traced. 0: no sled. */
unsigned long luge_original(unsigned long ip);

/* ---- Registers of the traced call; in callbacks only ------------------- */

/* n-th integer argument of the psABI, from 0; beyond the registers it is read from the stack. */
unsigned long ftrace_regs_get_argument(struct ftrace_regs *fregs, unsigned int n);
unsigned long ftrace_regs_get_instruction_pointer(struct ftrace_regs *fregs);
unsigned long ftrace_regs_get_stack_pointer(struct ftrace_regs *fregs);
unsigned long ftrace_regs_get_frame_pointer(struct ftrace_regs *fregs);
unsigned long ftrace_regs_get_return_address(struct ftrace_regs *fregs);
/* Of exit handlers: the integer return value (a pointer to it, for one returned in memory). */
unsigned long ftrace_regs_get_return_value(struct ftrace_regs *fregs);
/* Any register by its name in the psABI ("rdi", "r12", "flags"): SAVE_REGS has all, others the
   argument registers. offset: from query, negative: no such register here. */
int ftrace_regs_query_register_offset(const char *name);
unsigned long luge_regs_get_register(struct ftrace_regs *fregs, int offset);

/* Where the call goes on instead of the body: a function of the same type. IPMODIFY only. */
void ftrace_regs_set_instruction_pointer(struct ftrace_regs *fregs, unsigned long ip);
/* Replaces an argument in a register (n < 6 on x86-64); -EINVAL: not in one. SAVE_REGS only. */
int luge_regs_set_argument(struct ftrace_regs *fregs, unsigned int n, unsigned long value);
/* Before ftrace_override_function_with_return(): what the skipped function returns. In an exit
   handler: what it returns from now on. */
void ftrace_regs_set_return_value(struct ftrace_regs *fregs, unsigned long value);
/* Skips the function: its caller goes on at once. IPMODIFY only. */
void ftrace_override_function_with_return(struct ftrace_regs *fregs);

/* ---- Function graph ---------------------------------------------------- */

struct fgraph_ops;

struct ftrace_graph_ent {
  unsigned long func; /* the traced function */
  int depth;          /* calls with an exit that are open on this thread for this user's core, from 0 */
};

enum {
  LUGE_GRAPH_RETURN = 0,  /* the function has returned */
  LUGE_GRAPH_UNWOUND = 1, /* an exception has left it: no return value */
  LUGE_GRAPH_TAIL = 2,    /* it has left by a tail call to another traced function: no return value */
};

struct ftrace_graph_ret {
  unsigned long func;
  int depth;
  unsigned int how;      /* LUGE_GRAPH_* */
  unsigned long retval;
};

/* At the entry. 0: no exit handler for this call. As of ftrace_func_t in all else. */
typedef int (*trace_func_graph_ent_t)(struct ftrace_graph_ent *, struct fgraph_ops *, struct ftrace_regs *);
/* At the exit; runs on the thread and stack of the traced call. */
typedef void (*trace_func_graph_ret_t)(struct ftrace_graph_ret *, struct fgraph_ops *, struct ftrace_regs *);

/*
 * A user of entries and exits. ops carries filters (ftrace_set_filter(&g->ops, ...)) and flags; its func
 * is not used. Calls that are left by longjmp have no exit; nor have functions that cannot run in a
 * frame of the trampoline (variadic with stack arguments, those that look at their return address).
 * nmissed counts calls without a handler: those functions, recursion, no room for data.
 */
struct fgraph_ops {
  trace_func_graph_ent_t entryfunc; /* may be null: 1 */
  trace_func_graph_ret_t retfunc;   /* may be null */
  struct ftrace_ops ops;
  void *private_data;
  unsigned long nmissed;
  int idx; /* the runtime's: names this user in the functions below */
};

/* As register_ftrace_function(); -ENOSPC: 56 users with exits are registered. */
int register_ftrace_graph(struct fgraph_ops *gops);
/* When it returns no handler of gops runs or will run, also not for calls that are open now. */
int unregister_ftrace_graph(struct fgraph_ops *gops);

#define FGRAPH_MAX_DATA_SIZE 128
/*
 * From entryfunc: size bytes (at most FGRAPH_MAX_DATA_SIZE), zeroed, 8-aligned, that belong to this
 * call and this user until its exit handler has returned; null: no room. From retfunc: those bytes.
 */
void *fgraph_reserve_data(int idx, int size_bytes);
void *fgraph_retrieve_data(int idx, int *size_bytes);

/* ---- Functions that can be traced -------------------------------------- */

/* dyn_ftrace::flags: the kernel's bits. The low 19 count the users. */
#define FTRACE_FL_ENABLED (1ul << 31)  /* the sled is switched on */
#define FTRACE_FL_REGS (1ul << 30)     /* a user wants all registers */
#define FTRACE_FL_TRAMP (1ul << 28)    /* one user, called directly */
#define FTRACE_FL_IPMODIFY (1ul << 26) /* a user may change the ip */
#define FTRACE_FL_DISABLED (1ul << 25) /* refused: not a sled, or patched by somebody else */
#define FTRACE_FL_DIRECT (1ul << 24)   /* a direct user */
#define FTRACE_FL_TOUCHED (1ul << 20)  /* was ever switched on */
#define FTRACE_FL_MODIFIED (1ul << 19) /* ever had a direct or IPMODIFY user */
#define FTRACE_REF_MAX ((1ul << 19) - 1)

struct dyn_ftrace {
  unsigned long ip;
  unsigned long flags;
};
#define ftrace_rec_count(rec) ((rec)->flags & FTRACE_REF_MAX)

/* What is known of the function at ip. 0; -ENOENT: no sled. */
int luge_ftrace_rec(unsigned long ip, struct dyn_ftrace *rec);
/* Each function that can be traced, until visit returns other than 0, which is returned. visit must
   not call functions of this header. */
int luge_for_each_rec(int (*visit)(const struct dyn_ftrace *rec, void *data), void *data);
/* The function whose code up to its sled's end holds ip; 0: none. */
unsigned long ftrace_location(unsigned long ip);

/* Number of functions with a sled, in all loaded objects; and how many are switched on now. */
size_t luge_site_count(void);
size_t luge_sites_on(void);

/* Calls of the function at ip counted by LUGE_OPS_FL_COUNT users since the last luge_clear_hits(), in
   all threads; exact once those threads are quiet. */
unsigned long luge_hits(unsigned long ip);
void luge_clear_hits(void);

/* ---- Recording --------------------------------------------------------- */

/*
 * What the built-in tracers record, from any context, callbacks and signal handlers included. Sleds
 * stay as they are; calls that were recorded as entered are recorded as left. On at the start.
 */
void tracing_on(void);
void tracing_off(void);
int tracing_is_on(void);

/*
 * A copy of the flight recorder (LUGE_FILE), as it is now: FILE.snapshot, replaced by the next one. From
 * any context. 0; -ENOENT: no flight recorder; -EBUSY: one is being made; other errors of files.
 */
int tracing_snapshot(void);
/* The same as FILE.1.dump, FILE.2.dump, ..., up to 100, none of them replaced; own_thread: that
   thread's events alone. */
int luge_dump(int own_thread);
/* The traced functions on the stack of the caller into the recording, innermost first. Any context. */
void luge_record_stack(void);

/*
 * PATTERN:COMMAND[:COUNT]: runs a command when a function that PATTERN names is entered, COUNT times at
 * most: traceon, traceoff, snapshot, dump, cpudump (this thread's), stacktrace. With ! in front: ends the
 * commands that were set with the same PATTERN and COMMAND. 0; -EINVAL: no such command, bad count, bad
 * pattern; -ENOENT: no function matches (kept for objects that come later), or nothing to end; -ENOMEM,
 * -EPERM, -EDEADLK. Also read from LUGE_COMMANDS at start-up, separated by newline or `;`.
 */
int luge_function_command(const char *line);

/* ---- The rest ---------------------------------------------------------- */

/*
 * For code that callbacks share with traced functions: enters the guard of this thread. -1: inside
 * already, do not go on; else pass the result to unlock. Any context.
 */
int ftrace_test_recursion_trylock(unsigned long ip, unsigned long parent_ip);
void ftrace_test_recursion_unlock(int bit);

/* The kernel's sysctl ftrace_enabled: 0 switches every sled off, users stay registered; 1 on again.
   0; -EBUSY: a PERMANENT user is registered; -EPERM. */
int luge_set_ftrace_enabled(int on);

/*
 * Starts or changes the built-in tracer: "function", "function_graph" or
 * "nop" (off), for the functions that match filter and not notrace (patterns as
 * above; null or "": all, none). Records into the session that LUGE_SESSION or
 * LUGE_FILE named at start-up. 0; -EINVAL: unknown tracer, bad pattern;
 * -ENOENT: no session, or nothing matches; -EPERM.
 */
int luge_set_tracer(const char *tracer, const char *filter, const char *notrace);

#ifdef __cplusplus
}
#endif
#endif
