/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The site record: what the compiler plugins leave in a program and what the
 * runtime, the tool and any other consumer read. Plain C, installed as
 * <luge/record.h>. docs/formats.md draws it.
 *
 * Section "luge_sites": read-only, SHF_LINK_ORDER to the function's text, in
 * the function's COMDAT group if it has one, 4-aligned. Every field that names
 * an address holds `address - &field`, so the section needs no dynamic
 * relocation in any kind of link.
 */
#ifndef LUGE_RECORD_H
#define LUGE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#define LUGE_ABI_VERSION 1

#define LUGE_SECTION_SITES "luge_sites"
#define LUGE_SECTION_NAMES "luge_names"

enum luge_site_kind {
  LUGE_SITE_ENTRY = 0,
  LUGE_SITE_RETURN = 1,
  LUGE_SITE_TAIL_CALL = 2,
  LUGE_SITE_INDIRECT_TAIL_CALL = 3,
};

enum luge_site_flags {
  LUGE_SITE_TOGGLE = 1 << 0,        /* flavour: set = toggle, clear = nop */
  LUGE_SITE_STATIC_CHAIN = 1 << 1,  /* the static chain register is live at the entry */
  LUGE_SITE_RETURN_SEEN = 1 << 2,   /* the body looks at its return or frame address */
  LUGE_SITE_RETURNS_TWICE = 1 << 3, /* the function itself may return twice (setjmp-like) */
  LUGE_SITE_CALLS_SETJMP = 1 << 4,  /* the body calls a function that returns twice */
  LUGE_SITE_SPECIAL_CC = 1 << 5,    /* not the platform's C calling convention */
  LUGE_SITE_UNPOPPED = 1 << 6,      /* an exit at which the function's frame is still on the stack:
                                       the instruction behind the sled pops it */
  LUGE_SITE_NO_VECTORS = 1 << 7,    /* no argument comes in a vector register (x86-64): none is live at the entry.
                                       Clear says nothing */
};

#define LUGE_STACK_ARGS_UNKNOWN 255

struct luge_site {
  int32_t sled;       /* the patch unit */
  int32_t function;   /* the function's entry address (its symbol's value; of Thumb code, without bit 0) */
  int32_t stub;       /* the function's stub; field value 0 = no stub (nop flavour, stub=no) */
  uint8_t kind;       /* enum luge_site_kind */
  uint8_t flags;      /* enum luge_site_flags */
  uint8_t prefix;     /* NOPs before the function label, in the unit of the architecture's layout */
  uint8_t stack_args; /* incoming stack arguments in 8-byte words; LUGE_STACK_ARGS_UNKNOWN */
};

/*
 * The slot: two pointers of .bss a sled, addressed by its stub. Zero until the
 * consumer has filled it; the sled is never switched on before that. The stub reads
 * the first alone. The second is the consumer's: here what the runtime knows of the
 * site, whose first word is the stub's second entry (landing pad, then a direct
 * branch behind the sled; of Thumb code, with bit 0).
 */
struct luge_slot {
  void *trampoline; /* where the stub jumps to */
  union {
    void *site;
    void *body; /* of a consumer that needs no more than the second entry */
  };
};

/*
 * Section "luge_names" (names=on), flags and group as luge_sites: entries of
 * one int32_t `function - &field`, then the mangled name, NUL-terminated and
 * NUL-padded to a multiple of 4.
 */

/*
 * Each instrumented object carries one COMDAT constructor and destructor per
 * link unit which hand the bounds of its sections over through these weak
 * symbols: without the runtime nothing happens. `names` bounds are equal where
 * there are no names. Called by the dynamic loader, one module at a time.
 */
#ifdef __cplusplus
extern "C" {
#endif
void luge_module_register(const struct luge_site *sites, const struct luge_site *sites_end,
                          const void *names, const void *names_end, int abi_version);
void luge_module_unregister(const struct luge_site *sites, const struct luge_site *sites_end);
#ifdef __cplusplus
}
static_assert(sizeof(luge_site) == 16 && alignof(luge_site) == 4);
static_assert(sizeof(luge_slot) == 2 * sizeof(void *));
static_assert(offsetof(luge_site, stub) == 8 && offsetof(luge_site, kind) == 12);
#endif

/* The address a PC-relative field stands for. */
#define LUGE_FIELD_ADDRESS(field) ((uintptr_t)&(field) + (intptr_t)(field))

/*
 * Whether a traced call of this function runs in a frame of the trampoline and
 * so reports its return (function_graph). Where it does not, the tracer
 * records the entry alone. Decided from the record, so that the runtime and
 * every reader of a trace agree.
 */
static inline int luge_site_has_exit(uint8_t flags, uint8_t stack_args) {
  return !(flags & (LUGE_SITE_RETURN_SEEN | LUGE_SITE_RETURNS_TWICE | LUGE_SITE_SPECIAL_CC)) &&
         stack_args != LUGE_STACK_ARGS_UNKNOWN;
}

#endif
