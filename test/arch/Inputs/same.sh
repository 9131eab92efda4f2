#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# same.sh LEFT_BY_EXCEPTION COMMAND...: runs COMMAND with its sleds off and on. Its output must be the
# same, some sleds must have been switched on, and entries - exits must be LEFT_BY_EXCEPTION.
set -e
lost=$1
shift
off=$(LUGE_PATCH=0 "$@" 2>/dev/null)
report=$(mktemp)
on=$("$@" 2>"$report") || { echo "same.sh: status $? with sleds on: $*"; cat "$report"; exit 1; }
counts=$(sed -n 's/^patched \([0-9]*\) + \([0-9]*\), ran \([0-9]*\) in, \([0-9]*\) out$/\1 \2 \3 \4/p' "$report")
rm -f "$report"
set -- $counts
echo "patched $1 + $2, ran $3 in, $4 out"
[ "$off" = "$on" ] || { echo "same.sh: another output with sleds on: $off / $on"; exit 1; }
[ -n "$off" ] && [ "$1" -gt 5 ] && [ "$2" -gt 5 ] && [ "$3" -gt 20 ] || { echo "same.sh: too few sleds ran"; exit 1; }
[ $(($3 - $4)) = "$lost" ] || { echo "same.sh: $3 entries, $4 exits"; exit 1; }
