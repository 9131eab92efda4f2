// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Link-time optimisation on every target: sleds in the code that the link makes, and an error where the plugin is on
// one side only. Without a C library. The object that is not LTO's stands in for the start files: lld does not define
// what only generated code names (.TOC., _gp_disp). The lld of LLVM 14 forgets the floating-point ABI of RISC-V.
// MATRIX: defect-17
// CANNOT(clang-14+s390x clang-16+s390x): ld.lld 14 and 16, the linkers of their LTO, do not know s390x
// CANNOT(clang-16+loongarch64): ld.lld 16, the linker of its LTO, does not know LoongArch
// UNSUPPORTED: (clang-14 || clang-16) && (s390x || loongarch64)
// DEFINE: %{compile} = -O2 -flto -fPIC -c
// DEFINE: %{link} = -O2 -flto -fPIC -shared -nostdlib -Wl,-z,defs %if clang %{ %if clang-14 %{ %if riscv64 %{ -Wl,-mllvm,-target-abi=lp64d %} %} -fuse-ld=lld --ld-path=/usr/lib/llvm-%version/bin/ld.lld %}
// DEFINE: %{lto_cc} = %if gcc %{ %cc %} %else %{ %bare_cc -Xlinker -mllvm -Xlinker -load=%plugin %}
// RUN: %cc %{compile} -o %t.1.o %s
// RUN: %cc %{compile} -DOTHER -o %t.2.o %s
// RUN: %bare_cc %{compile} -o %t.bare.o %s
// RUN: %bare_cc -O2 -fPIC -c -DSTART -o %t.3.o %s
// RUN: %{lto_cc} %{link} -o %t.so %t.1.o %t.2.o %t.3.o
// RUN: %sites %t.so | %check
// RUN: not %bare_cc %{link} -o %t.none %t.1.o %t.2.o %t.3.o 2>&1 | %check(LINKED)
// RUN: not %{lto_cc} %{link} -o %t.none %t.bare.o %t.2.o %t.3.o 2>&1 | %check(COMPILED)

// ALL-DAG: first nop
// ALL-DAG: other nop
// LINKED-GCC: luge: the LTO objects of this link were compiled with the luge plugin
// LINKED-LLVM: luge: compiled with the luge plugin, but its code was generated without it
// COMPILED: luge: {{.*}} compiled with{{.*}}out the luge plugin
int other(int x);
#if defined START
extern int of_start;
int of_start;
int start(void) { return of_start + other(1); }
#elif defined OTHER
__attribute__((noinline)) int other(int x) { return x * 3; }
#else
__attribute__((noinline)) static int local(int x) { return other(x) + 1; }
int first(int x) { return local(x) * 5; }
#endif
