// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// patchable_function_entry(N,M) and the compiler's own -fpatchable-function-entry=N,M give the code and the tables of
// the plugin's nops=N,M.
// MATRIX: defect-18
// CANNOT(clang+arm clang+mips64el clang+mipsel): clang has neither patchable_function_entry nor its option there
// CANNOT(clang-14+s390x clang-16+s390x clang-19+s390x): clang 14 to 19 has neither patchable_function_entry nor its option there
// CANNOT(clang-14+ppc64le clang-16+ppc64le clang-19+ppc64le): clang 14 to 19 has neither patchable_function_entry nor its option there
// CANNOT(clang-14+ppc64 clang-16+ppc64 clang-16+loongarch64): clang 14 and 16 have neither patchable_function_entry nor its option there
// UNSUPPORTED: clang && (arm || mips64el || mipsel)
// UNSUPPORTED: (clang-14 || clang-16 || clang-19) && (s390x || ppc64le)
// UNSUPPORTED: (clang-14 || clang-16) && (ppc64 || loongarch64)
// DEFINE: %{compile} = %cc -O2 %if riscv64 %{ -mno-relax %} -c
// DEFINE: %{text} = %objdump -d --no-leading-addr
// RUN: %{compile} -o %t.plugin.o %s %opt(nops=6,2) %opt(entries=both)
// RUN: %{compile} -DATTRIBUTE -o %t.attribute.o %s %opt(flavour=toggle)
// RUN: %{compile} -fpatchable-function-entry=6,2 -o %t.compiler.o %s %opt(flavour=toggle)
// RUN: %sites %t.plugin.o | %check
// RUN: %sites %t.attribute.o | %check
// RUN: %sites %t.compiler.o | %check
// RUN: %sites --pfe %t.plugin.o > %t.plugin.pfe
// RUN: %sites --pfe %t.attribute.o > %t.attribute.pfe
// RUN: %sites --pfe %t.compiler.o > %t.compiler.pfe
// RUN: grep f.pfe=- %t.plugin.pfe
// RUN: diff %t.plugin.pfe %t.attribute.pfe
// RUN: diff %t.plugin.pfe %t.compiler.pfe
// RUN: %{text} %t.plugin.o | sed 1,3d > %t.plugin.text
// RUN: %{text} %t.attribute.o | sed 1,3d > %t.attribute.text
// RUN: %{text} %t.compiler.o | sed 1,3d > %t.compiler.text
// RUN: grep f %t.plugin.text
// RUN: diff %t.plugin.text %t.attribute.text
// RUN: diff %t.plugin.text %t.compiler.text

// ALL:      f nop sled=+{{[0-9]+}} prefix=2{{ }}
// ALL-NEXT: g nop sled=+{{[0-9]+}} prefix=2{{ }}
#ifdef ATTRIBUTE
#define NOPS __attribute__((patchable_function_entry(6, 2)))
#else
#define NOPS
#endif
NOPS int f(void) { return 1; }
NOPS int g(void) { return 2; }
