#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# objdump.sh OBJDUMP ARGUMENT...: without the relocation that does nothing but tie text to its records
# (sled/text.cpp); test/link/relocatable.test is about that one.
"$@" | grep -v 'R_[A-Z0-9_]*_NONE'
