#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# both.sh [-l LEFT] [-o OPTION]... [-f FLAVOUR] [-n] OUTPUT COMPILER...: one program in both flavours with
# sleds at entries and exits. COMPILER... is a whole compile-and-link command without -o, with the plugin.
#   OUTPUT.toggle.o, OUTPUT.toggle, OUTPUT.nop.o, OUTPUT.nop   what it made; records and bytes behind them
#                   are checked (tools/sites.py), then it runs with all sleds off and on (arch/Inputs/same.sh)
#   -l LEFT         entries that have no exit (exceptions, longjmp, exit); default 0
#   -o OPTION       another option of the plugin
#   -f FLAVOUR      only this flavour
#   -n              build and check only
set -e
here=$(cd "$(dirname "$0")" && pwd)
test=$here/../..
left=0 options= flavours="toggle nop" run=yes
while getopts l:o:f:n option; do
  case $option in
    l) left=$OPTARG ;;
    o) options="$options $OPTARG" ;;
    f) flavours=$OPTARG ;;
    n) run=no ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
out=$1
shift

driver=$(sh "$here/driver.sh" "$(dirname "$out")")
# What is compiled and what is only linked.
compile= link=
for word; do
  case $word in
    *.c | *.cpp | *.d | *.f90 | *.go) compile="$compile $word" ;;
    *.s) link="$link $word" ;;
    *) compile="$compile $word" link="$link $word" ;;
  esac
done

for flavour in $flavours; do
  one=$out.$flavour
  LUGE_PLUGIN="flavour=$flavour exits=on$options"
  export LUGE_PLUGIN
  # shellcheck disable=SC2086 # words
  $compile -c -o "$one.o"
  python3 "$test/tools/sites.py" "$one.o" >"$one.sites"
  [ $run = yes ] || continue
  # shellcheck disable=SC2086 # words
  $link "$one.o" "$driver" -rdynamic -lm -o "$one"
  "$test/arch/Inputs/same.sh" "$left" "$one"
done
