#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# foreign.sh LIB SOURCE OUTPUT COMPILER...: builds SOURCE without the plugin, in the ways in which
# -fpatchable-function-entry is used, and runs it. A line for each: OPTIONS: the program's last line.
lib=$1 source=$2 out=$3
shift 3
compiler=$*
include=$(dirname "$0")/../../../runtime/include
try() {
  # shellcheck disable=SC2086
  $compiler -O2 "-I$include" -pthread "$source" -o "$out" "$@" "-L$lib" -lluge || exit 1
  LD_LIBRARY_PATH=$lib "$out" > "$out.txt" 2>&1
  status=$?
  echo "$*: $(tail -n 1 "$out.txt")"
  [ $status = 0 ] || { cat "$out.txt"; exit 1; }
}
for area in 5 16 7,2 9,4; do
  try -fpatchable-function-entry=$area
  try -fpatchable-function-entry=$area -fcf-protection
done
try -fpatchable-function-entry=5 -no-pie
try -fpatchable-function-entry=7,2 -static
try -fpatchable-function-entry=5 -static-pie -fPIE
