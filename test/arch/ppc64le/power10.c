// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PC-relative code: one entry, `.localentry f,1`, and indirect tail calls, whose target is in r12 and CTR: every
// sled of them switched on, the alternate stubs among them.
// MATRIX: exits
// REQUIRES: runs
// RUN: %driver -o %t.driver.o
// DEFINE: %{options} =
// DEFINE: %{flags} =
// DEFINE: %{test} = env "LUGE_PLUGIN=%{options}" %cc %{flags} -mcpu=power10 -c -o %t.o %S/../program.c && %link -o %t %t.o %t.driver.o -rdynamic -lm && %S/../Inputs/same.sh 0 env QEMU_CPU=power10 %run %t
// REDEFINE: %{options} = flavour=toggle exits=on
// REDEFINE: %{flags} = -O2
// RUN: %{test}
// RUN: %readelf -x luge_sites %t.o | %check
// REDEFINE: %{flags} = -Os -fPIE
// RUN: %{test}
// REDEFINE: %{options} = nops=8,3 exits=on layout=local
// REDEFINE: %{flags} = -O3
// RUN: %{test}
// A record of the kind "indirect tail call".
// ALL: {{ 0301....}}
