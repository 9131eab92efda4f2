// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// XRay's own sleds beside ours: ours comes first, and stands before XRay's return and tail call. Both are
// switched on at once: XRay writes its log while our trampolines count. Its library is here for x86-64 only: on
// other targets XRay's sleds stay off.
// MATRIX: interplay-xray
// CANNOT(gcc): GCC has no XRay
// CANNOT(i386 ppc64): clang has no XRay for this target: "unsupported option '-fxray-instrument'"
// CANNOT(riscv64 s390x loongarch64): this clang has no XRay for this target yet: "unsupported option '-fxray-instrument'"
// CANNOT(mipsel): a program with clang's XRay crashes without the plugin as well: SIGSEGV under qemu-mipsel
// REQUIRES: clang
// UNSUPPORTED: i386 || ppc64 || mipsel
// UNSUPPORTED: (riscv64 || s390x) && (clang-14 || clang-16 || clang-19)
// UNSUPPORTED: loongarch64 && clang-16
// RUN: mkdir -p %t.dir && cd %t.dir && rm -f xray-log.*
// RUN: %if x86_64 %{ %both %t %cc -O2 -fxray-instrument -fxray-instruction-threshold=1 %program %}
// RUN: %if x86_64 %{ env XRAY_OPTIONS="patch_premain=true xray_mode=xray-basic xray_logfile_base=log." sh %source/test/arch/Inputs/same.sh 0 %t.nop %}
// RUN: %if x86_64 %{ sh -c 'cat log.* | grep -q .' %}
// RUN: %if x86_64 %{ %both -f toggle %t.0 %cc -O0 -fxray-instrument -fxray-instruction-threshold=1 -mretpoline %program %}
// RUN: %if !x86_64 && runs %{ %bare_cc -O1 -DXRAY -c %S/Inputs/stand_ins.c -o %t.in.o %}
// clang 22 for ppc64le crashes where XRay meets a tail call, without the plugin as well.
// RUN: %if !x86_64 %{ %both -c "-fxray-instrument -fxray-instruction-threshold=1 %if ppc64le %{-fno-optimize-sibling-calls%}" %t %cc -O2 %program %t.in.o %}
// RUN: %if !x86_64 %{ %readelf -S %t.nop.o | grep xray_instr_map %}
