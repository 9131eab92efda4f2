/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "../mips64el/trampoline.S"
