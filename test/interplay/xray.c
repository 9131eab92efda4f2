// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// XRay's own sleds beside ours: ours comes first, and stands before XRay's return and tail call. Both are
// switched on at once: XRay writes its log while our trampolines count.
// MATRIX: interplay-xray
// CANNOT(gcc): GCC has no XRay
// REQUIRES: clang
// RUN: mkdir -p %t.dir && cd %t.dir && rm -f xray-log.*
// RUN: %both %t %cc -O2 -fxray-instrument -fxray-instruction-threshold=1 %program
// RUN: env XRAY_OPTIONS="patch_premain=true xray_mode=xray-basic xray_logfile_base=log." sh %source/test/arch/Inputs/same.sh 0 %t.nop
// RUN: sh -c 'cat log.* | grep -q .'
// RUN: %both -f toggle %t.0 %cc -O0 -fxray-instrument -fxray-instruction-threshold=1 -mretpoline %program
