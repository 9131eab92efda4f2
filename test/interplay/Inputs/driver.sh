#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# driver.sh FOLDER: prints the object that stands in for the runtime (arch/Inputs/patch_all.cpp), compiled
# without the plugin. It is the same for all tests of a suite: built once in FOLDER, and again after a change.
# TEST_TARGET, TEST_LINK, TEST_FLAGS: the folder of arch/, a C++ compiler and its options, other than x86_64's.
set -e
test=$(cd "$(dirname "$0")" && pwd)/../..
driver=$1/driver.o target=${TEST_TARGET:-x86_64}
(
  flock 9
  inputs="$test/arch/Inputs/patch_all.cpp $test/arch/$target/trampoline.S"
  # shellcheck disable=SC2086 # words
  if [ ! -e "$driver" ] || [ -n "$(find $inputs "$test/../sled" "$test/../arch/$target" -newer "$driver" -name '*.*')" ]; then
    ${TEST_LINK:-$(command -v g++-12 || echo g++)} ${TEST_FLAGS:-} -fPIC -std=c++20 -O1 -fno-exceptions -DTARGET="$target" -I"$test/.." \
      -r -nostdlib $inputs -o "$driver.new"
    mv "$driver.new" "$driver"
  fi
) 9>"$driver.lock"
echo "$driver"
