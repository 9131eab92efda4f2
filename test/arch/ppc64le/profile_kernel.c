// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -mprofile-kernel: GCC prints the call of _mcount right behind the local entry; the sled stands before it.
// The program counts with _mcount and with the sleds at once.
// MATRIX: interplay-pg
// CANNOT(clang): clang has no -mprofile-kernel
// REQUIRES: gcc, runs
// DEFINE: %{dump} = %objdump -dr --no-leading-addr --no-show-raw-insn -j .text %t.o
// RUN: env "LUGE_PLUGIN=nops=4,2" %cc -O2 -pg -mprofile-kernel -c -o %t.o %s && %{dump} | %check(SPLIT)
// RUN: env "LUGE_PLUGIN=nops=4,2 layout=local" %cc -O2 -pg -mprofile-kernel -c -o %t.o %s && %{dump} | %check(LOCAL)
// RUN: %driver -o %t.driver.o
// RUN: env "LUGE_PLUGIN=exits=on nops=4,2" %cc -O2 -pg -mprofile-kernel -c -o %t.o %s
// RUN: %link -rdynamic -o %t %t.o %t.driver.o && %run %t 2>&1 | %check(COUNTS)
#include <stdio.h>

static volatile int number = 7;
__attribute__((noinline)) int leaf(int x) { return x + 1; }
__attribute__((noinline)) int toc(void) { return number; }

volatile int calls;
// Called with the return address in r0 and its own in LR, before the prologue: keeps what a function may not.
__asm__("\t.text\n\t.globl _mcount\n\t.type _mcount,@function\n_mcount:\n\tmflr 12\n\tmtlr 0\n\tstdu 1,-640(1)\n"
        "\tstd 10,32(1)\n\tstd 11,40(1)\n\tstd 0,48(1)\n\tbcl 20,31,1f\n1:\tmflr 11\n"
        "\taddis 11,11,calls-1b@ha\n\taddi 11,11,calls-1b@l\n\tlwz 10,0(11)\n\taddi 10,10,1\n\tstw 10,0(11)\n"
        "\tld 0,48(1)\n\tmtlr 0\n\tld 10,32(1)\n\tld 11,40(1)\n\taddi 1,1,640\n\tmtctr 12\n\tbctr\n"
        "\t.size _mcount,.-_mcount");

__attribute__((no_instrument_function)) int main(void) {
  int before = calls, sum = leaf(1) + toc();
  printf("%d in %d calls\n", sum, calls - before);
  return 0;
}

// SPLIT:      <leaf>:
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: mflr 0
// SPLIT-NEXT: bl
// SPLIT-NEXT: R_PPC64_REL24 _mcount
// SPLIT-NEXT: addi 3, 3, 1
// SPLIT:      <toc>:
// SPLIT-NEXT: addis 2, 12, 0
// SPLIT-NEXT: R_PPC64_REL16_HA .TOC.
// SPLIT-NEXT: addi 2, 2, 0
// SPLIT-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// SPLIT-NEXT: nop
// SPLIT-NEXT: nop
// SPLIT-NEXT: mflr 0
// SPLIT-NEXT: bl
// SPLIT-NEXT: R_PPC64_REL24 _mcount

// LOCAL:      <toc>:
// LOCAL-NEXT: addis 2, 12, 0
// LOCAL-NEXT: R_PPC64_REL16_HA .TOC.
// LOCAL-NEXT: addi 2, 2, 0
// LOCAL-NEXT: R_PPC64_REL16_LO .TOC.+0x4
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: nop
// LOCAL-NEXT: mflr 0
// LOCAL-NEXT: bl
// LOCAL-NEXT: R_PPC64_REL24 _mcount

// COUNTS-DAG: 9 in 2 calls
// COUNTS-DAG: patched 2 + 2, ran 2 in, 2 out
