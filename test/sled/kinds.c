// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Function kinds that differ at their entry: static, weak, alias, ifunc and its resolver, noreturn,
// cold, constructor, naked (its text is the user's alone).
// MATRIX: interplay-ifunc interplay-init
// RUN: %cc -O2 -c -o %t.o %s
// RUN: %sites %t.o > %t.sites
// RUN: %filecheck %s --input-file=%t.sites --check-prefix=SITES --implicit-check-not=naked
// RUN: %cc -O0 -c -o %t.o %s %opt(flavour=toggle)
// RUN: %sites %t.o > %t.sites
// RUN: %filecheck %s --input-file=%t.sites --check-prefix=SITES --implicit-check-not=naked

static __attribute__((noinline, used)) int static_function(int x) { return x + 1; }
__attribute__((weak)) int weak_function(void) { return 1; }
int target(void) { return 2; }
int alias_of_target(void) __attribute__((alias("target")));
static int chosen(void) { return 3; }
static int (*resolve(void))(void) { return chosen; }
int indirect(void) __attribute__((ifunc("resolve")));
__attribute__((noreturn)) void stop(void) { for (;;) __builtin_trap(); }
__attribute__((cold)) int rarely(int x) { return x * 7; }
__attribute__((constructor)) void at_start(void) { __asm__ volatile(""); }
__attribute__((naked)) void naked(void) { __asm__("ret"); }
__attribute__((section(".text.own"))) int own_section(void) { return 4; }

// SITES-DAG: static_function
// SITES-DAG: weak_function
// SITES-DAG: target
// SITES-DAG: chosen
// SITES-DAG: {{resolve|indirect}}
// SITES-DAG: stop
// SITES-DAG: rarely
// SITES-DAG: at_start
// SITES-DAG: own_section {{.*}} section=.text.own
