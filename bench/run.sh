#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Measures Luge next to uftrace, XRay and the floor of this machine, and prints Markdown tables.
#
#   bench/run.sh [quick | SECTION...] [--write] [--repetitions N]
#   bench/run.sh --help          the sections
#
# LUGE_BUILD: a build of Luge (default: build, made if it is not there). LUGE_BENCH_WORK: what is
# kept between runs (default: LUGE_BUILD/bench). The real programs are Debian's sources of lua and
# zstd, by apt-get source through a list of our own: the system's is left alone. What is not
# here (a peer, the network) leaves a row that says so.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
build=${LUGE_BUILD:-$root/build}
work=${LUGE_BENCH_WORK:-$build/bench}

if ! [ -x "$build/bin/luge-cc" ]; then
  cmake -S "$root" -B "$build" -G Ninja >/dev/null
  ninja -C "$build" luge luge-cc luge-shared luge-static gcc-plugins llvm-plugins >&2
fi

fetch_sources() {
  command -v apt-get >/dev/null || return 0
  ls -d "$work"/debsrc/lua*/ "$work"/debsrc/*zstd-*/ >/dev/null 2>&1 && return 0
  mkdir -p "$work/debsrc" "$work/apt/lists/partial" "$work/apt/sources"
  echo "deb-src http://deb.debian.org/debian $(. /etc/os-release && echo "$VERSION_CODENAME") main" \
    > "$work/apt/sources/src.list"
  set -- -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/apt/sources" \
    -o Dir::State::lists="$work/apt/lists" -o APT::Sandbox::User=root
  apt-get "$@" update || return 0
  (cd "$work/debsrc" && apt-get "$@" source --download-only lua5.4 libzstd &&
    for archive in lua5.4_*.orig.tar.* libzstd_*.orig.tar.?z; do tar xf "$archive"; done) || return 0
}

mkdir -p "$work"
case " $* " in *--help*) ;; *) fetch_sources >&2 ;; esac
exec env PYTHONDONTWRITEBYTECODE=1 python3 "$here/bench.py" --luge "$build" --work "$work" "$@"
