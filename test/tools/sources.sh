#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# sources.sh FOLDER: Debian's sources of zlib and lua, FOLDER/zlib and FOLDER/lua, for the tests that compile
# programs which no one here wrote. By apt-get source through a list of our own: the system's is left alone.
# Kept between runs; without a network it says so, and those tests are skipped.
set -eu
folder=$1
[ ! -e "$folder/zlib/zlib.h" ] || [ ! -e "$folder/lua/src/lua.h" ] || exit 0
fail() { echo "no sources of zlib and lua ($1): their tests are skipped"; exit 0; }
command -v apt-get >/dev/null || fail "no apt-get"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/sources"
cd "$folder"
echo "deb-src http://deb.debian.org/debian $(. /etc/os-release && echo "$VERSION_CODENAME") main" >apt/sources/src.list
set -- -qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$PWD/apt/sources" \
  -o "Dir::State::lists=$PWD/apt/lists" -o APT::Sandbox::User=root
{ apt-get "$@" update && apt-get "$@" source --download-only zlib lua5.4; } >log 2>&1 || fail "$(tail -n 1 log)"
for program in zlib lua; do
  rm -rf $program && mkdir $program
  tar xf "$(ls $program*.orig.tar.*z* | grep -v '\.asc$')" -C $program --strip-components=1
done
