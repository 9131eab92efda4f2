// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `cc prog.c -lluge`: a C program links with the C driver of either compiler, to the DSO, to the
// archive and wholly static, and can call the public interface. The program itself has no sleds.
// RUN: %some_gcc -std=c11 -Wall -Wextra -Werror -I%source/runtime/include -o %t %s -L%luge_lib -lluge -Wl,-rpath,%luge_lib
// RUN: %t | %check
// RUN: %if clang %{ %some_clang -std=c11 -Wall -Wextra -Werror -I%source/runtime/include -o %t %s %luge_lib/libluge.a %}
// RUN: %t | %check
// RUN: %some_gcc -static -I%source/runtime/include -o %t %s %luge_lib/libluge.a
// RUN: %t | %check
// RUN: %some_gcc -static-pie -fPIE -I%source/runtime/include -o %t %s %luge_lib/libluge.a
// RUN: %t | %check

// ALL: sites 0, on 0, register 0, unregister 0
#include <luge/ftrace.h>
#include <stdio.h>

static void callback(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
                     struct ftrace_regs *fregs) {
  (void)ip, (void)parent_ip, (void)op, (void)fregs;
}

int main(void) {
  static struct ftrace_ops ops = {.func = callback};
  printf("sites %zu, on %zu", luge_site_count(), luge_sites_on());
  printf(", register %d", register_ftrace_function(&ops));
  printf(", unregister %d\n", unregister_ftrace_function(&ops));
  return 0;
}
