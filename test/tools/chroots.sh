#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# chroots.sh RESULTS [RELEASE...]: the lit suites with compilers that this Debian does not have:
# gcc 13 and 14 in a chroot of trixie, gcc 15 and 16 in one of sid. RESULTS-RELEASE/*.json is
# what lit wrote there; $LUGE_SUITES: run only these suites and keep the results of others. As root;
# the first run takes some minutes and about 6 GB of disk a release.
#
# A chroot lies in $LUGE_CHROOTS/RELEASE (default /var/cache/luge), from $LUGE_MIRROR; delete it to
# begin anew. In it /luge/source is a copy of the tracked files, /luge/build what was built of them:
# both are kept, so that a second run compiles only what changed. The mounts live in a name space
# of their own and are gone with it, however this ends.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
chroots=${LUGE_CHROOTS:-/var/cache/luge}
mirror=${LUGE_MIRROR:-http://deb.debian.org/debian}

declare -A versions=([trixie]="13 14" [sid]="15 16")
cross_triplets=(
  aarch64-linux-gnu arm-linux-gnueabihf i686-linux-gnu powerpc64le-linux-gnu powerpc64-linux-gnu riscv64-linux-gnu
  s390x-linux-gnu loongarch64-linux-gnu mips64el-linux-gnuabi64 mipsel-linux-gnu
)
packages=(
  cmake ninja-build pkg-config ccache make g++ libcli11-dev libfmt-dev libelf-dev libdw-dev libxxhash-dev
  googletest autoconf automake python3 python3-psutil llvm-19 llvm-19-tools # lit, FileCheck, llvm-readelf
  binutils-gold lld mold qemu-user
)
only_suites=${LUGE_SUITES:-sled abi link run arch interplay}

say() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }
die() { printf 'chroots.sh: %s\n' "$*" >&2; exit 1; }

# quietly LOG COMMAND...: shows the end of the output if it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 && return
  tail -n 40 "$log" >&2
  die "failed: $*; its whole output is in $log"
}

# inside ROOT COMMAND...: as root of the chroot, with the file systems that programs expect.
inside() {
  local root=$1
  shift
  # shellcheck disable=SC2016 # expanded by the inner shell
  LC_ALL=C DEBIAN_FRONTEND=noninteractive CCACHE_DIR=/luge/ccache PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    unshare --mount sh -ec 'root=$1; shift
      mount --bind /proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -t tmpfs tmpfs "$root/tmp"
      exec chroot "$root" "$@"' sh "$root" "$@"
}

compilers() { # RELEASE: the packages of its compilers, native and cross, and of their front ends
  local version triplet
  for version in ${versions[$1]}; do
    printf '%s\n' "gcc-$version" "g++-$version" "gcc-$version-plugin-dev" \
      "gfortran-$version" "gccgo-$version" "gdc-$version"
    for triplet in "${cross_triplets[@]}"; do
      printf '%s\n' "gcc-$version-$triplet" "g++-$version-$triplet" "gcc-$version-plugin-dev-$triplet" \
        "gfortran-$version-$triplet"
    done
  done
  echo "gnat-$version" # conflicts with others of its kind
}

# What apt does not know there (a cross compiler for every target is in no release) is left out.
# sid's own list of files is often older than it says it is good for.
prepare() { # RELEASE
  local root=$chroots/$1 known wanted
  mapfile -t wanted < <(printf '%s\n' "${packages[@]}" && compilers "$1")
  mkdir -p "$root/luge"
  if [ ! -e "$root/luge/bootstrapped" ]; then
    command -v debootstrap >/dev/null || quietly "$chroots/apt.log" apt-get -qq install -y debootstrap
    say "$1: debootstrap into $root"
    rm -rf "$root"
    quietly "$chroots/$1.log" debootstrap --variant=minbase "$1" "$root" "$mirror"
    mkdir -p "$root/luge"
    printf '%s\n' 'APT::Install-Recommends "false";' 'Acquire::Check-Valid-Until "false";' \
      >"$root/etc/apt/apt.conf.d/90luge"
    touch "$root/luge/bootstrapped"
  fi
  printf '%s\n' "${wanted[@]}" | sort -u | cmp -s - "$root/luge/wanted" && return
  say "$1: install ${#wanted[@]} packages"
  quietly "$root/luge/update.log" inside "$root" apt-get -qq update
  known=$(inside "$root" apt-cache policy "${wanted[@]}" 2>/dev/null |
    awk '/^[^ ]/ { p = $1 } /Candidate: [^(]/ { sub(":$", "", p); print p }')
  # shellcheck disable=SC2086 # words
  quietly "$root/luge/install.log" inside "$root" apt-get -qq install -y $known
  inside "$root" apt-get clean
  printf '%s\n' "${wanted[@]}" | sort -u >"$root/luge/wanted"
}

# A file that changed gets the time of the copy: it may have been edited while the last build ran.
copy_source() { # ROOT
  local new=$1/luge/new old=$1/luge/source file
  rm -rf "$new"
  mkdir -p "$new" "$old"
  git -C "$source" ls-files -z --cached --others --exclude-standard |
    (cd "$source" && tar --null --ignore-failed-read -T - -cf - 2>/dev/null) | tar -C "$new" -xf -
  (cd "$old" && find . ! -type d) | while read -r file; do
    [ -e "$new/$file" ] || rm "$old/$file"
  done
  (cd "$new" && find . ! -type d) | while read -r file; do
    cmp -s "$new/$file" "$old/$file" && continue
    mkdir -p "$(dirname "$old/$file")"
    cp --preserve=mode "$new/$file" "$old/$file"
  done
  rm -rf "$new"
}

build() { # RELEASE
  local root=$chroots/$1 numbers=${versions[$1]// /;}
  local names="gcc-${numbers//;/;gcc-}"
  say "$1: build the plugins of $names, the runtime and the tool"
  quietly "$root/luge/configure.log" inside "$root" cmake -G Ninja -S /luge/source -B /luge/build \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DLUGE_GCC_VERSIONS="$numbers" -DLUGE_GCC_CROSS_VERSIONS="$numbers" -DLUGE_LLVM_VERSIONS= \
    -DLUGE_TEST_COMPILERS="$names" -DLUGE_RUN_COMPILERS="$names" -DLUGE_ARCH_COMPILERS="$names" \
    -DLUGE_INTERPLAY_COMPILERS="$names"
  quietly "$root/luge/build.log" inside "$root" cmake --build /luge/build
}

# A lit with one worker for each folder: two workers of lit 19 never end under Python 3.13.
run_suites() { # RELEASE RESULTS
  local root=$chroots/$1 folders suite
  rm -rf "$root/luge/results"
  mkdir -p "$2" "$root/luge/results"
  for suite in $only_suites; do rm -f "$2/$suite."*; done # the results of others stay
  folders=$(cd "$root/luge/build/test/suites" &&
    for suite in $only_suites; do [ ! -d "$suite" ] || find "$suite" -mindepth 1 -maxdepth 1 -type d; done | sort)
  say "$1: $(wc -w <<<"$folders") suites"
  # shellcheck disable=SC2016 # expanded by the inner shell
  inside "$root" xargs -P "$(nproc)" -I{} sh -c 'name=$(echo "$1" | tr / .)
    /luge/build/test/lit -j 1 -v --output "/luge/results/$name.json" "/luge/build/test/suites/$1" \
      >"/luge/results/$name.log" 2>&1; true' sh {} <<<"$folders"
  grep -h -v -E '^(PASS|XFAIL|UNSUPPORTED|--|$)' "$root"/luge/results/*.log || true
  # shellcheck disable=SC2086 # words
  inside "$root" python3 /luge/source/test/tools/missing.py /luge/results/missing.json \
    gcc-${versions[$1]// / gcc-}
  cp "$root"/luge/results/*.json "$2" # a crash of lit leaves none: "not run"
}

main() {
  [ $# -ge 1 ] || die "usage: chroots.sh RESULTS [RELEASE...]"
  [ "$(id -u)" = 0 ] || die "a chroot needs root"
  local results=$1 release
  shift
  [ $# -gt 0 ] || set -- trixie sid
  mkdir -p "$chroots"
  for release in "$@"; do
    [ -n "${versions[$release]:-}" ] || die "no compilers are known of Debian $release"
    prepare "$release"
    copy_source "$chroots/$release"
    build "$release"
    run_suites "$release" "$results-$release"
  done
}

main "$@"; exit # bash reads on in a file that was edited meanwhile
