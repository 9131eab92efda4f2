#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# both.sh [-l LEFT] [-o OPTION]... [-c FLAG]... [-L LINKER] [-f FLAVOUR] [-n] OUTPUT COMPILER...: one program in
# both flavours with sleds at entries and exits. COMPILER... is a whole compile-and-link command without -o, with the plugin.
#   OUTPUT.toggle.o, OUTPUT.toggle, OUTPUT.nop.o, OUTPUT.nop   what it made; records and bytes behind them
#                   are checked (tools/sites.py), then it runs with all sleds off and on (arch/Inputs/same.sh)
#   -l LEFT         entries that have no exit (exceptions, longjmp, exit); default 0
#   -o OPTION       another option of the plugin
#   -c FLAG         an option of the compiler that the link command does not get
#   -L LINKER       links, given objects and libraries only
#   -f FLAVOUR      only this flavour
#   -n              build and check only
# The environment has the target (lit.cfg.py): TEST_TARGET, its folder of arch/, without it x86_64; TEST_RUN, what
# runs its programs, `none` where nothing does: -n; TEST_LINK and TEST_FLAGS: driver.sh.
set -e
here=$(cd "$(dirname "$0")" && pwd)
test=$here/../..
left=0 options= flavours="toggle nop" run=yes only_compile= linker=
while getopts l:o:c:L:f:n option; do
  case $option in
    l) left=$OPTARG ;;
    o) options="$options $OPTARG" ;;
    c) only_compile="$only_compile $OPTARG" ;;
    L) linker=$OPTARG ;;
    f) flavours=$OPTARG ;;
    n) run=no ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
out=$1
shift

[ "${TEST_RUN:-}" != none ] || run=no
[ $run = no ] || driver=$(sh "$here/driver.sh" "$(dirname "$out")")
# What is compiled and what is only linked.
compile= link=$linker libraries=
for word; do
  case $word in
    *.c | *.cpp | *.d | *.f90 | *.go) compile="$compile $word" ;;
    *.s | *.o) link="$link $word" ;;
    -l*) libraries="$libraries $word" ;;
    *) compile="$compile $word"
       [ -n "$linker" ] || link="$link $word" ;;
  esac
done

for flavour in $flavours; do
  one=$out.$flavour
  LUGE_PLUGIN="flavour=$flavour exits=on$options"
  export LUGE_PLUGIN
  # shellcheck disable=SC2086 # words
  $compile $only_compile -c -o "$one.o"
  python3 "$test/tools/sites.py" "$one.o" >"$one.sites"
  [ $run = yes ] || continue
  # shellcheck disable=SC2086 # words
  $link "$one.o" "$driver" -rdynamic $libraries -lm -o "$one"
  # shellcheck disable=SC2086 # words
  "$test/arch/Inputs/same.sh" "$left" ${TEST_RUN:-} "$one"
done
