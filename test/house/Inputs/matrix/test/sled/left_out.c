// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MATRIX: defect-3
// CANNOT(gcc-11 gcc-12+aarch64): no such option before gcc 12
