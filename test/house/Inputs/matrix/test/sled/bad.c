// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MATRIX: defect-2
